/** Writes one JSON object a line to standard error. Never hand it a token, or a script's contents. */
export type Logger = (entry: { readonly event: string } & Readonly<Record<string, unknown>>) => void;

export function createLogger(): Logger {
  return (entry) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
