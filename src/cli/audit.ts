import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AuditAction, type AuditOutcome, auditActions, auditOutcomes } from '../audit/audit-event.ts';
import type { AuditTrail } from '../operations/audit-trail.ts';
import type { RecordedEvent } from '../store/store.ts';
import { formatTable, type Run, write } from './run.ts';
import { parseSince } from './times.ts';

interface ListOptions {
  readonly user?: string;
  readonly script?: string;
  readonly action?: AuditAction;
  readonly outcome?: AuditOutcome;
  readonly since?: Date;
  readonly limit: number;
  readonly json?: boolean;
}

const pageSize = 1_000;

/** `audit …`: reads the audit trail. */
export function addAuditCommands(program: Command, run: Run<AuditTrail>): void {
  const audit = program.command('audit').description('read the audit trail');

  audit
    .command('list')
    .description('list writes and refusals, the latest first')
    .option('--user <name>', 'only of this user, by the name that the user had then')
    .option('--script <uuid>', 'only about this script', parseUuid)
    .addOption(new Option('--action <action>', 'only of this action').choices(Object.keys(auditActions)))
    .addOption(new Option('--outcome <outcome>', 'only with this result').choices(auditOutcomes))
    .option('--since <time>', 'only since 2026-11-23T15:36:00Z, or of the last 12h, 7d or 2w', parseSince)
    .option('--limit <number>', 'the most events to list', parseLimit, 100)
    .option('--json', 'answer with one JSON value')
    .action((options: ListOptions) =>
      run(async (trail) => {
        const events = await listEvents(trail, options);
        const rows = events.map((event) => [
          event.at.toISOString(),
          event.userName ?? '',
          event.action,
          event.outcome,
          event.via,
          event.address ?? '',
          event.requestId ?? '',
          event.scriptUuid ?? '',
          event.target ?? (event.permission === null ? '' : `lacked ${event.permission}`),
        ]);
        const titles = ['TIME', 'USER', 'ACTION', 'OUTCOME', 'VIA', 'ADDRESS', 'REQUEST', 'SCRIPT', 'ABOUT'];
        await write(options, events, formatTable(titles, rows));
      }),
    );
}

async function listEvents(
  trail: AuditTrail,
  { user, script, action, outcome, since, limit }: ListOptions,
): Promise<readonly RecordedEvent[]> {
  const filter = { userName: user, scriptUuid: script, action, outcome, since };
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await trail.list(filter, Math.min(pageSize, limit - events.length), events.at(-1));
    events.push(...page.events);
    if (!page.hasMore || events.length === limit) return events;
  }
}

function parseUuid(text: string): string {
  const uuid = text.toLowerCase();
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid)) return uuid;
  throw new InvalidArgumentError('It must be a UUID.');
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,7}$/.test(text) && limit > 0) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999999.');
}
