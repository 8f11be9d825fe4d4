import type { Plugin } from 'graphql-yoga';
import { HttpRequestError } from '../errors.ts';
import { isJsonObject } from '../scripts/metadata-path.ts';

/**
 * Limits how many operations one request may carry as a JSON array.
 *
 * @param maxOperations - 1 takes no arrays at all
 */
export function useOperationLimit(maxOperations: number): Plugin {
  return {
    onRequestParse: () => ({
      onRequestParseDone({ requestParserResult: operations }) {
        if (!Array.isArray(operations)) return;
        if (maxOperations === 1) {
          throw new HttpRequestError(
            400,
            'Send one operation, as an object: this server takes no arrays of operations (MAX_OPERATIONS).',
          );
        }
        if (operations.length === 0 || operations.length > maxOperations) {
          throw new HttpRequestError(
            400,
            `An array must hold 1 to ${maxOperations} operations (MAX_OPERATIONS), not ${operations.length}.`,
          );
        }
        const odd = operations.findIndex((operation: unknown) => !isJsonObject(operation));
        if (odd !== -1) throw new HttpRequestError(400, `Element ${odd} of the array is no object.`);
      },
    }),
  };
}
