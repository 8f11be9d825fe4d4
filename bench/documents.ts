/** The GraphQL documents of the workloads, with variables. Every server gets the same text. */
export const documents = {
  script: `query Script($uuid: UUID!) {
  dtraceScript(uuid: $uuid) {
    uuid
    name
    script
    config
    metadata
    revision
    createdAt
    updatedAt
  }
}`,
  list: `query Scripts($first: Int!) {
  dtraceScripts(first: $first) {
    uuid
    name
    updatedAt
  }
}`,
  listUuids: `query Uuids($first: Int!) {
  dtraceScripts(first: $first) {
    uuid
  }
}`,
  setMetadata: `mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!) {
  setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) {
    uuid
  }
}`,
  batch: `query ($uuids: [UUID!]!) {
  dtraceScriptsByUuid(uuids: $uuids) {
    name
    config
  }
}`,
} as const;
