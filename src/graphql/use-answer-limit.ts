import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AnswerTooLargeError } from '../errors.ts';
import type { OperationContext } from './operation-context.ts';

/** Answers an operation that would be answered too much by one error, and no data. */
export function useAnswerLimit(): Plugin<OperationContext> {
  const hooks = {
    onExecuteDone({ result, setResult }: { result: unknown; setResult: (result: ExecutionResult) => void }) {
      const { errors } = result as ExecutionResult;
      const error = errors?.find(
        ({ originalError }: GraphQLError) => originalError instanceof AnswerTooLargeError,
      );
      if (error) setResult({ errors: [error] });
    },
  };
  return { onExecute: () => hooks };
}
