import { isPromise } from '@graphql-tools/utils';
import type { Plugin } from 'graphql-yoga';
import type { TimeLimit } from './time-limit.ts';

/** Answers for an operation that takes too long. */
export function useTimeLimit(inTime: TimeLimit): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        const result = executeFn(args);
        return isPromise(result) ? inTime(result) : result;
      });
    },
  };
}
