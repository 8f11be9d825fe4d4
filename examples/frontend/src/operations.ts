import { graphql } from './gql/gql.ts';

export const viewerQuery = graphql(`
  query Viewer {
    viewer {
      name
      permissions
    }
  }
`);

export const listQuery = graphql(`
  query List($after: String) {
    dtraceScriptsConnection(first: 50, after: $after) {
      totalCount
      nodes {
        uuid
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const scriptQuery = graphql(`
  query Script($uuid: UUID!) {
    dtraceScript(uuid: $uuid) {
      uuid
      name
      script
      config
      metadata
      revision
      updatedAt
    }
  }
`);

export const setMetadataMutation = graphql(`
  mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!, $ifRevision: Int) {
    setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value, ifRevision: $ifRevision) {
      uuid
    }
  }
`);
