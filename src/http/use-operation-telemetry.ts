import type { IncomingMessage } from 'node:http';
import {
  type DocumentNode,
  getOperationAST,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { GatewayContext } from '../schema/context.ts';
import { type Logger, rounded, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Count, Durations } from '../telemetry/series.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { requestFactsOf } from './settle-headers.ts';

/** What an operation adds to, found once for each operation of a document: documents are kept after parsing. */
interface Tallies {
  readonly durations: Durations;
  /** One for each root field, as often as the field is asked for. */
  readonly rootFields: readonly Count[];
}

/** Counts and times the operations that are executed, traces them, and logs them at the level `debug`. */
export function useOperationTelemetry(
  log: Logger,
  metrics: Metrics,
  tracing?: Tracing,
): Plugin<GatewayContext> {
  const known = new WeakMap<OperationDefinitionNode, Tallies>();
  const isLogged = log.isLevelEnabled('debug');

  return {
    onExecute({ args: { document, operationName, contextValue }, executeFn, setExecuteFn }) {
      const operation = getOperationAST(document, operationName);
      // The executor says what is wrong with the name.
      if (!operation) return undefined;
      let tallies = known.get(operation);
      if (tallies === undefined) {
        tallies = talliesOf(operation, document);
        known.set(operation, tallies);
      }
      if (tracing) {
        const { operation: type, name } = operation;
        setExecuteFn((args) => tracing.operation(type, name?.value, () => executeFn(args)));
      }
      const { durations, rootFields } = tallies;
      const beganAtMs = performance.now();
      return {
        onExecuteDone({ result }) {
          // Without data nothing was executed: the variables were refused, or the operation as a whole.
          if (!('data' in result) || result.data === undefined) return;
          const durationMs = performance.now() - beganAtMs;
          durations.observe(durationMs / 1000);
          for (const count of rootFields) count.value += 1;
          if (isLogged) logOperation(operation, contextValue, durationMs);
        },
      };
    },
  };

  function talliesOf(operation: OperationDefinitionNode, document: DocumentNode): Tallies {
    const type = operation.operation;
    return {
      durations: metrics.operations.of(type),
      rootFields: fieldsOf(operation.selectionSet, document).map((field) =>
        metrics.rootFields.of(`${type} ${field}`),
      ),
    };
  }

  function logOperation(
    { operation: type, name }: OperationDefinitionNode,
    { req, request, viewer }: YogaInitialContext & GatewayContext & { readonly req?: IncomingMessage },
    durationMs: number,
  ): void {
    const requestId = req ? req.headers['x-request-id'] : requestFactsOf(request).id;
    const operation = name && shorten(name.value);
    const user = viewer && shorten(viewer.name);
    log.debug({ event: 'operation', requestId, user, type, operation, durationMs: rounded(durationMs) });
  }
}

/** The names of the fields, those in fragments included, of a document that has been validated. */
function fieldsOf({ selections }: SelectionSetNode, document: DocumentNode): string[] {
  return selections.flatMap((selection) => {
    switch (selection.kind) {
      case 'Field':
        return selection.name.value;
      case 'InlineFragment':
        return fieldsOf(selection.selectionSet, document);
      case 'FragmentSpread': {
        const fragment = document.definitions.find(
          (node) => node.kind === 'FragmentDefinition' && node.name.value === selection.name.value,
        );
        return fragment?.kind === 'FragmentDefinition' ? fieldsOf(fragment.selectionSet, document) : [];
      }
      default:
        return [];
    }
  });
}
