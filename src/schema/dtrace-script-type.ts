import type { DtraceScriptColumn } from '../dtrace/dtrace-script.ts';
import { JsonText } from '../json/json-text.ts';
import { byteLength } from '../json/json-value.ts';
import type { PartialScript } from '../store/store.ts';
import { type Builder, permission } from './builder.ts';
import type { GatewayContext } from './context.ts';
import { readMetadataAt } from './parsed-metadata.ts';
import { recordedAs } from './refusals.ts';

/** What it takes to see a script, however it is reached. */
export const getScriptPermission = 'dtrace->$uuid->get';

/** `DtraceScript`, guarded by `get` however it is reached. */
export function addDtraceScript(builder: Builder) {
  return builder.objectRef<PartialScript>('DtraceScript').implement({
    description:
      'A DTrace script of the library. Whoever lacks the permission gets `FORBIDDEN` in its place, however it is reached.',
    directives: permission(getScriptPermission),
    extensions: recordedAs('GET_SCRIPT'),
    fields: (t) => ({
      uuid: t.field({
        type: 'UUID',
        description: "The script's identity, for good.",
        resolve: (script) => script.uuid,
      }),
      name: t.string({
        description: 'What people call it. Names need not be unique.',
        resolve: (script, _, context) => answered(script, 'name', context),
      }),
      script: t.string({
        description:
          'D source with `$name$` placeholders, which `config` fills. `$filter$` and `$partial_filter$` are reserved for the predicate that confines a run to chosen zones.',
        resolve: (script, _, context) => answered(script, 'script', context),
      }),
      config: t.field({
        type: 'JSONObject',
        description: 'Values for the placeholders of the source, by name.',
        resolve: (script, _, context) => answered(script, 'config', context),
      }),
      metadata: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'What tools keep beside the script: the whole document, an object, or the value at a path. `null` where the path holds nothing (or null).',
        args: {
          path: t.arg.stringList({
            description:
              'Keys from the root inwards, such as `["jingles", "notes"]`. Places in arrays cannot be named.',
          }),
        },
        resolve: (script, { path }, context) =>
          path
            ? readMetadataAt(fetched(script, 'metadata'), path, context)
            : answered(script, 'metadata', context),
      }),
      revision: t.int({
        description: '1 when the script is created, and one more after every write. Pass it as `ifRevision`.',
        resolve: (script) => fetched(script, 'revision'),
      }),
      createdAt: t.field({
        type: 'DateTime',
        description: 'When the script was created.',
        resolve: (script) => fetched(script, 'createdAt'),
      }),
      updatedAt: t.field({
        type: 'DateTime',
        description: 'When the script, or its metadata, was last written.',
        resolve: (script) => fetched(script, 'updatedAt'),
      }),
    }),
  });
}

export type DtraceScriptRef = ReturnType<typeof addDtraceScript>;

/** A column that may be long, counted as a part of the answer. @throws AnswerTooLargeError */
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

/** A column that the selection asked for and the query therefore fetched. */
function fetched<Column extends DtraceScriptColumn>(script: PartialScript, column: Column) {
  const value = script[column];
  if (value === undefined) throw new Error(`The column ${column} was selected but not fetched.`);
  return value as NonNullable<PartialScript[Column]>;
}
