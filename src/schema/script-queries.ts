import { type ScriptListing, visibleScripts } from '../operations/script-operations.ts';
import type { PartialScript, ScriptOrder, Visibility } from '../store/store.ts';
import { type Builder, permission } from './builder.ts';
import type { GatewayContext } from './context.ts';
import { formatScriptCursor, parseScriptCursor } from './cursor.ts';
import { type DtraceScriptRef, getScriptPermission } from './dtrace-script-type.ts';
import { batchCost, connectionCost, listCost } from './field-cost.ts';
import { type PageInfoRef, pageInfoOf } from './page-info.ts';
import type { ArgumentCheck } from './permission-directive.ts';
import { projectionOf } from './projection.ts';
import { recordedAs } from './refusals.ts';
import {
  type FilterInput,
  type OrderInput,
  type ScriptListInputs,
  toScriptFilter,
  toScriptOrder,
} from './script-list-arguments.ts';

const listPermission = 'cloud->dtrace->list';

interface ListArguments {
  readonly filter?: FilterInput | null | undefined;
  readonly orderBy?: OrderInput | null | undefined;
  readonly first?: number | null | undefined;
}

/** The look-ups by UUID, the list and the connection. */
export function addScriptQueries(
  builder: Builder,
  script: DtraceScriptRef,
  inputs: ScriptListInputs,
  pageInfo: PageInfoRef,
): void {
  const listDescription =
    'It has only scripts that the caller may `get`. Without `first` it has all of them; more than the configured maximum (10,000 by default) are an error, which asks for paging.';
  const connection = addConnection(builder, script, pageInfo);

  builder.queryFields((t) => {
    const listArguments = {
      filter: t.arg({ type: inputs.filter, description: 'Which scripts to list; by default all.' }),
      orderBy: t.arg({ type: inputs.order, description: 'The order; by default the oldest first.' }),
      first: t.arg.int({ description: 'The most scripts to list, from 0 to the configured maximum.' }),
    };
    return {
      dtraceScript: t.field({
        type: script,
        nullable: true,
        description: 'One script, or `null` if there is no script with this UUID.',
        directives: permission(getScriptPermission),
        extensions: recordedAs('GET_SCRIPT'),
        args: { uuid: t.arg({ type: 'UUID', required: true, description: 'The UUID of the script.' }) },
        resolve: async (_, { uuid }, { scripts, budget }, info) => {
          const { columns, template } = projectionOf(info);
          const [found = null] = await scripts.find([uuid], columns, template, budget);
          return found;
        },
      }),

      dtraceScriptsByUuid: t.field({
        type: [script],
        nullable: { list: false, items: true },
        description:
          'Several scripts, in the order of `uuids`. `null` for a script that does not exist; `null` and an error for a script that the caller may not `get`.',
        directives: permission('dtrace->$uuids->get'),
        args: {
          uuids: t.arg({
            type: ['UUID'],
            required: true,
            description:
              'The UUIDs, up to the configured maximum (1,000 by default). A repeated UUID is answered each time.',
          }),
        },
        extensions: { ...recordedAs('GET_SCRIPT'), checkArguments: checkBatch, ...batchCost('uuids') },
        resolve: (_, { uuids }, { scripts, budget }, info) => {
          const { columns, template } = projectionOf(info);
          return scripts.find(uuids, columns, template, budget);
        },
      }),

      dtraceScripts: t.field({
        type: [script],
        description: `The scripts of the library as a list. ${listDescription}`,
        directives: permission(listPermission),
        extensions: { ...recordedAs('LIST_SCRIPTS'), ...listCost },
        args: {
          ...listArguments,
          after: t.arg({
            type: 'UUID',
            description: 'The UUID of a script in the list: list the scripts after it.',
          }),
        },
        resolve: async (_, { after, ...args }, context, info) => {
          const listing = toListing(args, context);
          const position = after
            ? await context.scripts.positionOf(after, listing.visible, listing.order)
            : undefined;
          const { columns, template } = projectionOf(info);
          const read = { ...listing, after: position };
          return (await context.scripts.list(read, columns, template, context.budget)).scripts;
        },
      }),

      dtraceScriptsConnection: t.field({
        type: connection,
        description: `The scripts of the library as a Relay connection, for paging. ${listDescription}`,
        directives: permission(listPermission),
        extensions: { ...recordedAs('LIST_SCRIPTS'), ...connectionCost },
        args: {
          ...listArguments,
          after: t.arg.string({ description: 'A cursor: list the scripts after it.' }),
        },
        resolve: async (_, { after, ...args }, context, info) => {
          const listing = toListing(args, context);
          const position = after ? parseScriptCursor(after, listing.order) : undefined;
          const { columns, template } = projectionOf(info);
          // Cursors contain the field of the order.
          const read = [...columns, listing.order.field];
          const page = await context.scripts.list(
            { ...listing, after: position },
            read,
            template,
            context.budget,
          );
          return { ...page, listing, isFirst: position === undefined };
        },
      }),
    };
  });
}

const checkBatch: ArgumentCheck = ({ uuids }, { scripts }) => scripts.checkBatch(uuids as string[]);

interface ScriptPage {
  readonly scripts: readonly PartialScript[];
  readonly hasMore: boolean;
  readonly isFirst: boolean;
  readonly listing: ScriptListing;
}

function addConnection(builder: Builder, script: DtraceScriptRef, pageInfo: PageInfoRef) {
  const edge = builder
    .objectRef<{ readonly node: PartialScript; readonly order: ScriptOrder }>('DtraceScriptEdge')
    .implement({
      description: 'A script and its cursor.',
      fields: (t) => ({
        cursor: t.string({
          description: 'The cursor to pass as `after`. Its format may change at any time.',
          resolve: ({ node, order }) => formatScriptCursor(node, order),
        }),
        node: t.field({ type: script, description: 'The script.', resolve: ({ node }) => node }),
      }),
    });
  return builder.objectRef<ScriptPage>('DtraceScriptConnection').implement({
    description: 'A page of scripts.',
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The scripts with their cursors.',
        resolve: ({ scripts, listing }) => scripts.map((node) => ({ node, order: listing.order })),
      }),
      nodes: t.field({
        type: [script],
        description: 'The scripts without cursors.',
        resolve: ({ scripts }) => scripts,
      }),
      pageInfo: t.field({
        type: pageInfo,
        description: 'Whether there are more pages.',
        resolve: (page) =>
          pageInfoOf(page.scripts, page, (script) => formatScriptCursor(script, page.listing.order)),
      }),
      totalCount: t.int({
        description: 'The number of scripts in the whole list, on all pages.',
        resolve: ({ listing }, _, { scripts }) => scripts.count(listing),
      }),
    }),
  });
}

function toListing({ filter, orderBy, first }: ListArguments, context: GatewayContext): ScriptListing {
  return {
    visible: visibleTo(context),
    filter: toScriptFilter(filter),
    order: toScriptOrder(orderBy),
    first: first ?? undefined,
  };
}

function visibleTo({ viewer }: GatewayContext): Visibility {
  return viewer === null ? new Set() : visibleScripts(viewer.permissions);
}
