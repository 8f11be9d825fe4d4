import { z } from 'zod';
import { BadUserInputError } from '../errors.ts';
import type { NewScript, ScriptChanges } from '../operations/script-operations.ts';
import type { JsonObject } from '../scripts/dtrace-script.ts';
import { isJsonObject } from '../scripts/metadata-path.ts';

const text = z.string({
  error: ({ input }) => (input === undefined ? 'it is missing.' : 'it must be a string.'),
});
// Kept as it is: a schema for its members would drop a key such as __proto__.
const object = z.custom<JsonObject>(isJsonObject, 'it must be an object.');

const newScript = z.strictObject({
  name: text,
  script: text,
  config: object.optional(),
  metadata: object.optional(),
});

const changes = z.strictObject({
  name: text.optional(),
  script: text.optional(),
  config: object.optional(),
});

/** @throws BadUserInputError naming the first member that is missing, unknown or of the wrong type */
export function parseNewScript(body: JsonObject): NewScript {
  return parse(newScript, body);
}

/** @throws BadUserInputError naming the first member that is unknown or of the wrong type */
export function parseChanges(body: JsonObject): ScriptChanges {
  return parse(changes, body);
}

function parse<Shape extends z.core.$ZodShape, Output>(
  schema: z.ZodType<Output> & { readonly shape: Shape },
  body: JsonObject,
): Output {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    throw new BadUserInputError(issue.keys[0] ?? '', `it is unknown here. Known are ${known}.`);
  }
  throw new BadUserInputError(String(issue?.path[0]), issue?.message ?? 'it is wrong.');
}
