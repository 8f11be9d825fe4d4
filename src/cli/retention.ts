import type { AuditTrail } from '../operations/audit-trail.ts';

const dayMs = 86_400_000;

/**
 * Deletes events of the audit trail that are older than so many days: now, and then every day. Several processes may do
 * so on one database.
 *
 * @param days - 0 for none at all: they are kept for ever
 * @param onError - told why it failed; it is tried again the next day
 * @returns what ends it
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
