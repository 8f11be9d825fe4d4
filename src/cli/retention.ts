import type { AuditTrail } from '../operations/audit-trail.ts';

const dayMs = 86_400_000;

/**
 * Deletes audit events older than a number of days: now, and then every day. Several processes may do so on one database.
 *
 * @param days - 0 keeps them for ever
 * @param onError - called with an error; the next attempt is the next day
 * @returns a function that stops it
 */
export function startRetention(
  trail: Pick<AuditTrail, 'prune'>,
  days: number,
  onError: (error: unknown) => void,
): () => void {
  if (days === 0) return () => {};
  const stop = new AbortController();
  const prune = () => trail.prune(new Date(Date.now() - days * dayMs), stop.signal).catch(report);
  const report = (error: unknown) => {
    if (!stop.signal.aborted) onError(error);
  };
  void prune();
  const timer = setInterval(prune, dayMs);
  timer.unref();
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}
