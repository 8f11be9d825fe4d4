import type { DtraceScriptColumn } from '../dtrace/dtrace-script.ts';
import { JsonText } from '../json/json-text.ts';
import { byteLength } from '../json/json-value.ts';
import type { PartialScript } from '../store/store.ts';
import { type Builder, permission } from './builder.ts';
import type { GatewayContext } from './context.ts';
import { readMetadataAt } from './parsed-metadata.ts';
import { recordedAs } from './refusals.ts';

/** The permission that shows a script, in every field that answers scripts. */
export const getScriptPermission = 'dtrace->$uuid->get';

/** `DtraceScript`. Every field that answers it requires `get`. */
export function addDtraceScript(builder: Builder) {
  return builder.objectRef<PartialScript>('DtraceScript').implement({
    description:
      'A DTrace script of the library. Without the permission, every field answers `FORBIDDEN` in place of the script.',
    directives: permission(getScriptPermission),
    extensions: recordedAs('GET_SCRIPT'),
    fields: (t) => ({
      uuid: t.field({
        type: 'UUID',
        description: 'The id of the script. It never changes.',
        resolve: (script) => script.uuid,
      }),
      name: t.string({
        description: 'The name of the script. Names need not be unique.',
        resolve: (script, _, context) => answered(script, 'name', context),
      }),
      script: t.string({
        description:
          'D source with `$name$` placeholders, which `config` fills. `$filter$` and `$partial_filter$` are reserved for the predicate that limits a run to chosen zones.',
        resolve: (script, _, context) => answered(script, 'script', context),
      }),
      config: t.field({
        type: 'JSONObject',
        description: 'Values of the placeholders in the source, by name.',
        resolve: (script, _, context) => answered(script, 'config', context),
      }),
      metadata: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'Data that tools store with the script: the whole object, or the value at a path. `null` if the path has no value, or the value null.',
        args: {
          path: t.arg.stringList({
            description:
              'Keys from the root to the value, such as `["jingles", "notes"]`. Elements of arrays cannot be selected.',
          }),
        },
        resolve: (script, { path }, context) =>
          path
            ? readMetadataAt(fetched(script, 'metadata'), path, context)
            : answered(script, 'metadata', context),
      }),
      revision: t.int({
        description: '1 for a new script; each write adds 1. Pass it as `ifRevision`.',
        resolve: (script) => fetched(script, 'revision'),
      }),
      createdAt: t.field({
        type: 'DateTime',
        description: 'The time when the script was created.',
        resolve: (script) => fetched(script, 'createdAt'),
      }),
      updatedAt: t.field({
        type: 'DateTime',
        description: 'The time of the last write to the script or its metadata.',
        resolve: (script) => fetched(script, 'updatedAt'),
      }),
    }),
  });
}

export type DtraceScriptRef = ReturnType<typeof addDtraceScript>;

/** The value of a column that may be long. Its bytes count towards the answer. @throws AnswerTooLargeError */
function answered<Column extends TextColumn>(
  script: PartialScript,
  column: Column,
  { budget }: GatewayContext,
) {
  const value = fetched(script, column);
  budget.spend(byteLength(value instanceof JsonText ? value.text : value));
  return value;
}

type TextColumn = 'name' | 'script' | 'config' | 'metadata';

/** The value of a column. The query fetched it because the operation selects it. */
function fetched<Column extends DtraceScriptColumn>(script: PartialScript, column: Column) {
  const value = script[column];
  if (value === undefined) throw new Error(`The column ${column} was selected but not fetched.`);
  return value as NonNullable<PartialScript[Column]>;
}
