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

/** The writes. Each answers the UUID, and the script for whoever may also `get` it. */
export function addScriptMutations(builder: Builder, script: DtraceScriptRef): void {
  const createInput = builder.inputType('CreateDtraceScriptInput', {
    description: 'A new script.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'What to call it; it need not be unique.' }),
      script: t.string({ required: true, description: 'D source with `$name$` placeholders.' }),
      config: t.field({ type: 'JSONObject', description: 'Values for the placeholders; without it none.' }),
      metadata: t.field({ type: 'JSONObject', description: 'The first metadata; without it none.' }),
    }),
  });
  const updateInput = builder.inputType('UpdateDtraceScriptInput', {
    description: 'What to change of a script: at least one field. Fields that are left out stay as they are.',
    fields: (t) => ({
      name: t.string({ description: 'The new name.' }),
      script: t.string({ description: 'The new D source.' }),
      config: t.field({ type: 'JSONObject', description: 'The new configuration as a whole.' }),
    }),
  });

  const payload = (name: string, what: string) =>
    builder.objectRef<Written>(name).implement({
      description: `What ${what} answers.`,
      fields: (t) => ({
        uuid: t.field({ type: 'UUID', description: "The script's UUID.", resolve: ({ uuid }) => uuid }),
        dtraceScript: t.field({
          type: script,
          nullable: true,
          description: 'The script after the write; `FORBIDDEN` for whoever may write but not `get` it.',
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
    description: 'What `deleteDtraceScript` answers.',
    fields: (t) => ({
      uuid: t.field({
        type: 'UUID',
        description: 'The UUID that the script had.',
        resolve: ({ uuid }) => uuid,
      }),
    }),
  });

  builder.mutationFields((t) => {
    const target = {
      uuid: t.arg({ type: 'UUID', required: true, description: "The script's UUID." }),
      ifRevision: t.arg.int({
        description:
          'Write only while the script is at this revision; otherwise `CONFLICT`, and nothing changes.',
      }),
    };
    const path = t.arg.stringList({
      required: true,
      description:
        'Keys from the root inwards, such as `["jingles", "notes"]`: at least one, at most 16 by default.',
    });
    return {
      createDtraceScript: t.field({
        type: created,
        nullable: true,
        description: 'Adds a script and grants its creator `dtrace->UUID->...`.',
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
          // The grant holds from now on, also for the rest of this request.
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
          input: t.arg({ type: updateInput, required: true, description: 'What to change.' }),
        },
        resolve: (_, { uuid, input, ifRevision }, context) =>
          written(uuid, context.scripts.update(context.origin(), uuid, input, revisionGuard(ifRevision))),
      }),

      deleteDtraceScript: t.field({
        type: deleted,
        nullable: true,
        description: 'Removes a script for good, and every grant that names it.',
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
          'Sets one value of the metadata and leaves the rest alone. Objects on the way are created; anything else in the way is `BAD_USER_INPUT`.',
        directives: permission('dtrace->$uuid->edit'),
        extensions: { ...recordedAs('SET_METADATA'), ...writeCost },
        args: {
          ...target,
          path,
          value: t.arg({
            type: 'JSON',
            description: 'What to store. `null` is stored as such; leaving it out is an error.',
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
        description: 'Removes one key of the metadata; `NOT_FOUND` when it is not there.',
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

/** The payload reads the script after the write, so that it shows what has become of it. */
async function written(uuid: string, write: Promise<void>): Promise<Written> {
  await write;
  return { uuid };
}
