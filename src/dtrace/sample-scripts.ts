import type { DtraceScript } from './dtrace-script.ts';

/**
 * The two scripts of FiFo's documentation, with their exact texts and UUIDs, as samples in a new database.
 *
 * @see https://docs.project-fifo.net, "API - DTrace"
 */
export function sampleScripts(at: Date): DtraceScript[] {
  const common = { metadata: {}, revision: 1, createdAt: at, updatedAt: at };
  return [
    {
      ...common,
      uuid: 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e',
      name: 'zfs reads',
      script: '/*some dtrace here/*',
      config: { start: 0, end: 64, step: 2 },
    },
    {
      ...common,
      uuid: 'e864e552-0208-40f9-b05e-6de66f3b3579',
      name: 'erlang function calls',
      script: `erlang*:::global-function-entry
$filter$
{
  self->t[copyinstr(arg1)] = vtimestamp;
}
erlang*:::function-return
/self->t[copyinstr(arg1)]/
{
  @time[copyinstr(arg1)] = lquantize((vtimestamp - self->t[copyinstr(arg1)] ) / 1000, $start$, $end$, $step$);
  self->t[copyinstr(arg1)] = 0;
}`,
      config: { start: 127, end: 0, step: 4 },
    },
  ];
}
