/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Viewer {\n    viewer {\n      name\n      permissions\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  query List($after: String) {\n    dtraceScriptsConnection(first: 50, after: $after) {\n      totalCount\n      nodes {\n        uuid\n        name\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ListDocument,
    "\n  query Script($uuid: UUID!) {\n    dtraceScript(uuid: $uuid) {\n      uuid\n      name\n      script\n      config\n      metadata\n      revision\n      updatedAt\n    }\n  }\n": typeof types.ScriptDocument,
    "\n  mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!, $ifRevision: Int) {\n    setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $ifRevision) {\n      uuid\n    }\n  }\n": typeof types.SetMetadataDocument,
};
const documents: Documents = {
    "\n  query Viewer {\n    viewer {\n      name\n      permissions\n    }\n  }\n": types.ViewerDocument,
    "\n  query List($after: String) {\n    dtraceScriptsConnection(first: 50, after: $after) {\n      totalCount\n      nodes {\n        uuid\n        name\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ListDocument,
    "\n  query Script($uuid: UUID!) {\n    dtraceScript(uuid: $uuid) {\n      uuid\n      name\n      script\n      config\n      metadata\n      revision\n      updatedAt\n    }\n  }\n": types.ScriptDocument,
    "\n  mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!, $ifRevision: Int) {\n    setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $ifRevision) {\n      uuid\n    }\n  }\n": types.SetMetadataDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      name\n      permissions\n    }\n  }\n"): typeof import('./graphql.ts').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query List($after: String) {\n    dtraceScriptsConnection(first: 50, after: $after) {\n      totalCount\n      nodes {\n        uuid\n        name\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Script($uuid: UUID!) {\n    dtraceScript(uuid: $uuid) {\n      uuid\n      name\n      script\n      config\n      metadata\n      revision\n      updatedAt\n    }\n  }\n"): typeof import('./graphql.ts').ScriptDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!, $ifRevision: Int) {\n    setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $ifRevision) {\n      uuid\n    }\n  }\n"): typeof import('./graphql.ts').SetMetadataDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
