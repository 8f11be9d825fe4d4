import type { GraphQLParams } from 'graphql-yoga';
import type { GatewayContext } from '../schema/context.ts';
import type { AskedRequest } from './exchange.ts';
import type { PreparedDocument } from './prepared-document.ts';

/** What a request brings along. */
export type RequestContext = Omit<OperationContext, 'request' | 'params'>;

/** What the steps of an operation, and its resolvers, are given. */
export interface OperationContext extends GatewayContext {
  readonly request: AskedRequest;
  readonly params: GraphQLParams;
  /** What the operations of the request cost so far. */
  readonly spent: { cost: number };
  prepared?: PreparedDocument;
}
