/**
 * An address whose connections take all times for UTC, whatever zone the server, the database or the role prefers: the
 * driver adapter sends times without a zone, and reads every zone as UTC.
 */
export function inUtc(url: string): string {
  const own = /[?&]options=([^&]*)/.exec(url)?.[1] ?? '';
  const options = `${decodeURIComponent(own.replaceAll('+', ' '))} -c TimeZone=UTC`.trim();
  // Of two, the last one counts.
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`;
}
