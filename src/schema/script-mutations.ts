import { UnauthenticatedError } from '../errors.ts';
import { creatorPermission, type RevisionGuard } from '../operations/script-operations.ts';
import { type Builder, permission } from './builder.ts';
import type { DtraceScriptRef } from './dtrace-script-type.ts';
import { writeCost } from './field-cost.ts';
import { projectionOf } from './projection.ts';
import { recordedAs } from './refusals.ts';

interface Written {
  readonly uuid: string;
}

/** The writes. Each answers the UUID, and the script if the caller may also `get` it. */
export function addScriptMutations(builder: Builder, script: DtraceScriptRef): void {
  const createInput = builder.inputType('CreateDtraceScriptInput', {
    description: 'A new script.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'The name. It need not be unique.' }),
      script: t.string({ required: true, description: 'D source with `$name$` placeholders.' }),
      config: t.field({ type: 'JSONObject', description: 'Values of the placeholders; by default none.' }),
      metadata: t.field({ type: 'JSONObject', description: 'The metadata; by default none.' }),
    }),
  });
  const updateInput = builder.inputType('UpdateDtraceScriptInput', {
    description: 'The changes to a script, at least one field. Other fields stay as they are.',
    fields: (t) => ({
      name: t.string({ description: 'The new name.' }),
      script: t.string({ description: 'The new D source.' }),
      config: t.field({ type: 'JSONObject', description: 'The new configuration. It replaces the old one.' }),
    }),
  });

  const payload = (name: string, what: string) =>
    builder.objectRef<Written>(name).implement({
      description: `The answer of ${what}.`,
      fields: (t) => ({
        uuid: t.field({ type: 'UUID', description: 'The UUID of the script.', resolve: ({ uuid }) => uuid }),
        dtraceScript: t.field({
          type: script,
          nullable: true,
          description: 'The script after the write; `FORBIDDEN` if the caller may write but not `get` it.',
          resolve: async ({ uuid }, _, { scripts, budget }, info) => {
            const { columns } = projectionOf(info);
            const [found = null] = await scripts.find([uuid], columns, undefined, budget);
            return found;
          },
        }),
      }),
    });
  const created = payload('CreateDtraceScriptPayload', '`createDtraceScript`');
  const updated = payload('UpdateDtraceScriptPayload', '`updateDtraceScript`');
  const metadataSet = payload('SetDtraceScriptMetadataPayload', '`setDtraceScriptMetadata`');
  const metadataUnset = payload('UnsetDtraceScriptMetadataPayload', '`unsetDtraceScriptMetadata`');
  const deleted = builder.objectRef<Written>('DeleteDtraceScriptPayload').implement({
    description: 'The answer of `deleteDtraceScript`.',
    fields: (t) => ({
      uuid: t.field({
        type: 'UUID',
        description: 'The UUID of the deleted script.',
        resolve: ({ uuid }) => uuid,
      }),
    }),
  });

  builder.mutationFields((t) => {
    const target = {
      uuid: t.arg({ type: 'UUID', required: true, description: 'The UUID of the script.' }),
      ifRevision: t.arg.int({
        description:
          'Write only if the script is at this revision. Otherwise the error is `CONFLICT`, and nothing changes.',
      }),
    };
    const path = t.arg.stringList({
      required: true,
      description:
        'Keys from the root to the value, such as `["jingles", "notes"]`: at least one, by default at most 16.',
    });
    return {
      createDtraceScript: t.field({
        type: created,
        nullable: true,
        description: 'Creates a script, and grants its creator `dtrace->UUID->...`.',
        directives: permission('cloud->dtrace->create'),
        extensions: { ...recordedAs('CREATE_SCRIPT'), ...writeCost },
        args: { input: t.arg({ type: createInput, required: true, description: 'The new script.' }) },
        resolve: async (_, { input }, context) => {
          if (context.viewer === null) throw new UnauthenticatedError();
          const { name, script, config, metadata } = input;
          const uuid = await context.scripts.create(
            context.origin(),
            { name, script, config: config ?? undefined, metadata: metadata ?? undefined },
            context.viewer.userId,
          );
          // The grant also applies to the rest of this request.
          const permissions = context.viewer.permissions.extend([creatorPermission(uuid)]);
          context.viewer = { ...context.viewer, permissions };
          return { uuid };
        },
      }),

      updateDtraceScript: t.field({
        type: updated,
        nullable: true,
        description: 'Changes the name, the source or the configuration of a script.',
        directives: permission('dtrace->$uuid->edit'),
        extensions: { ...recordedAs('UPDATE_SCRIPT'), ...writeCost },
        args: {
          ...target,
          input: t.arg({ type: updateInput, required: true, description: 'The changes.' }),
        },
        resolve: (_, { uuid, input, ifRevision }, context) =>
          written(uuid, context.scripts.update(context.origin(), uuid, input, revisionGuard(ifRevision))),
      }),

      deleteDtraceScript: t.field({
        type: deleted,
        nullable: true,
        description: 'Deletes a script, and every grant that names it.',
        directives: permission('dtrace->$uuid->delete'),
        extensions: { ...recordedAs('DELETE_SCRIPT'), ...writeCost },
        args: target,
        resolve: (_, { uuid, ifRevision }, context) =>
          written(uuid, context.scripts.delete(context.origin(), uuid, revisionGuard(ifRevision))),
      }),

      setDtraceScriptMetadata: t.field({
        type: metadataSet,
        nullable: true,
        description:
          'Sets one value of the metadata; the rest stays as it is. Missing objects on the path are created. Another value on the path is the error `BAD_USER_INPUT`.',
        directives: permission('dtrace->$uuid->edit'),
        extensions: { ...recordedAs('SET_METADATA'), ...writeCost },
        args: {
          ...target,
          path,
          value: t.arg({
            type: 'JSON',
            description:
              'The value to store. `null` is stored as null. Without a value the error is `BAD_USER_INPUT`.',
          }),
        },
        resolve: (_, { uuid, path, value, ifRevision }, context) =>
          written(
            uuid,
            context.scripts.setMetadata(context.origin(), uuid, path, value, revisionGuard(ifRevision)),
          ),
      }),

      unsetDtraceScriptMetadata: t.field({
        type: metadataUnset,
        nullable: true,
        description: 'Removes one key of the metadata. If it does not exist, the error is `NOT_FOUND`.',
        directives: permission('dtrace->$uuid->edit'),
        extensions: { ...recordedAs('UNSET_METADATA'), ...writeCost },
        args: { ...target, path },
        resolve: (_, { uuid, path, ifRevision }, context) =>
          written(
            uuid,
            context.scripts.unsetMetadata(context.origin(), uuid, path, revisionGuard(ifRevision)),
          ),
      }),
    };
  });
}

function revisionGuard(ifRevision: number | null | undefined): RevisionGuard {
  return { ifRevision: ifRevision ?? undefined };
}

/** The payload reads the script after the write, so that it shows the new values. */
async function written(uuid: string, write: Promise<void>): Promise<Written> {
  await write;
  return { uuid };
}
