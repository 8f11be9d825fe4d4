import { BadUserInputError } from '../errors.ts';
import { isJsonObject } from '../json/json-object.ts';
import { findRefusal } from '../permissions/find-refusal.ts';
import { parsePermission } from '../permissions/permission.ts';
import type { PartialScript } from '../store/store.ts';
import type { Builder } from './builder.ts';
import { type DtraceScriptRef, getScriptPermission } from './dtrace-script-type.ts';
import { batchCost } from './field-cost.ts';
import { guardedBy, signedIn } from './field-guard.ts';
import { checksMembers } from './permission-directive.ts';
import { projectionOf } from './projection.ts';
import { recordedAs, recordRefusal } from './refusals.ts';
import { UuidScalar } from './scalars.ts';

const required = [parsePermission(getScriptPermission)];

/**
 * `_entities`: a federation gateway asks for scripts that other services refer to.
 *
 * Each representation is handled like an element of `dtraceScriptsByUuid`: it is parsed, its `get` permission is checked,
 * and one query reads all scripts. A failure affects only its own element.
 */
export function addEntities(builder: Builder, script: DtraceScriptRef): void {
  const entity = builder.unionType('_Entity', {
    description: 'The types that other services of a federated graph may refer to by key.',
    types: [script],
    resolveType: () => script,
  });

  builder.queryField('_entities', (t) =>
    t.field({
      type: [entity],
      nullable: { list: false, items: true },
      description:
        'For federation gateways: the entities of the representations, in the same order. `null` for an entity that does not exist; `null` and an error for one that is malformed or that the caller may not `get`.',
      args: {
        representations: t.arg({
          type: ['_Any'],
          required: true,
          description:
            'Representations such as `{ __typename: "DtraceScript", uuid: "…" }`, up to the configured maximum (1,000 by default).',
        }),
      },
      extensions: {
        ...guardedBy(signedIn),
        ...checksMembers,
        ...recordedAs('GET_SCRIPT'),
        ...batchCost('representations'),
      },
      resolve: async (_, { representations }, context, info) => {
        context.scripts.checkBatch(representations, 'representations');
        const { columns, template } = projectionOf(info);
        const keys = representations.map((representation, index) => {
          const uuid = readKey(representation, index);
          if (uuid instanceof BadUserInputError) return uuid;
          const refusal = findRefusal(context.viewer, required, { uuid });
          return refusal ? recordRefusal(refusal, 'GET_SCRIPT', context) : uuid;
        });
        const allowed = keys.filter((key) => typeof key === 'string');
        const found = await context.scripts.find(allowed, columns, template, context.budget);
        let next = 0;
        // An error in place of a script becomes the error of that element.
        return keys.map((key) =>
          typeof key === 'string' ? (found[next++] ?? null) : (key as unknown as PartialScript),
        );
      },
    }),
  );
}

/** `_Any` accepts every value, so it is checked here. */
function readKey(representation: unknown, index: number): string | BadUserInputError {
  const refuse = (reason: string) =>
    new BadUserInputError(
      `representations[${index}]`,
      `${reason} Send {"__typename": "DtraceScript", "uuid": …}.`,
    );
  if (!isJsonObject(representation)) return refuse('it is not an object.');
  if (representation.__typename !== 'DtraceScript') {
    return refuse('its "__typename" is not that of an entity of this service.');
  }
  try {
    return UuidScalar.parseValue(representation.uuid);
  } catch {
    return refuse('its "uuid" is not a UUID.');
  }
}
