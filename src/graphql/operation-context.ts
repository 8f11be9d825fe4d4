import type { GraphQLParams } from 'graphql-yoga';
import type { GatewayContext } from '../schema/context.ts';
import type { AskedRequest } from './exchange.ts';
import type { PreparedDocument } from './prepared-document.ts';

/** The context of a request, before its operations are read. */
export type RequestContext = Omit<OperationContext, 'request' | 'params'>;

/** The context of an operation: for its steps and its resolvers. */
export interface OperationContext extends GatewayContext {
  readonly request: AskedRequest;
  readonly params: GraphQLParams;
  /** The cost of the request's operations so far. */
  readonly spent: { cost: number };
  prepared?: PreparedDocument;
}
