/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A time in RFC 3339 with milliseconds, such as `2026-11-23T15:36:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** Any JSON value. Numbers are IEEE 754 doubles: whole numbers beyond 2^53 lose their last digits. Keys of objects have no order. */
  JSON: { input: unknown; output: unknown; }
  /** A JSON object. See `JSON` for very large numbers. */
  JSONObject: { input: Record<string, unknown>; output: Record<string, unknown>; }
  /** A UUID such as `b7c658e0-2ddb-46dd-8973-4a59ffc9957e`. Upper-case letters are accepted, and changed to lower case. */
  UUID: { input: string; output: string; }
  /** A representation of an entity: an object with `__typename` and the key. */
  _Any: { input: unknown; output: unknown; }
};

/** Actions that the audit trail records. */
export type AuditAction =
  /** A role is added; `target` is the role. */
  | 'ADD_ROLE'
  /** A user is added; `target` is the user. */
  | 'ADD_USER'
  /** The first start creates the first user in an empty database; `target` is the user. */
  | 'BOOTSTRAP'
  /** A script is created. */
  | 'CREATE_SCRIPT'
  /** A token is created; `target` names the user and the id of the token. */
  | 'CREATE_TOKEN'
  /** A role is deleted; `target` is the role. */
  | 'DELETE_ROLE'
  /** A script is deleted. */
  | 'DELETE_SCRIPT'
  /** A user is deleted; `target` is the user. */
  | 'DELETE_USER'
  /** A script is read. Only refusals are recorded. */
  | 'GET_SCRIPT'
  /** The SDL for gateways is read. Only refusals are recorded. */
  | 'GET_SDL'
  /** A permission is granted to a user or a role; `target` names both. */
  | 'GRANT_PERMISSION'
  /** An exported file is imported. */
  | 'IMPORT'
  /** A user joins a role; `target` names both. */
  | 'JOIN_ROLE'
  /** A user leaves a role; `target` names both. */
  | 'LEAVE_ROLE'
  /** A user is linked to the subject of a token issuer; `target` names both. */
  | 'LINK_USER'
  /** The audit trail is read. Only refusals are recorded. */
  | 'LIST_AUDIT_EVENTS'
  /** The scripts are listed. Only refusals are recorded. */
  | 'LIST_SCRIPTS'
  /** The metrics are read. Only refusals are recorded. */
  | 'READ_METRICS'
  /** A permission of a user or a role is revoked; `target` names both. */
  | 'REVOKE_PERMISSION'
  /** A token is revoked; `target` is the id of the token. */
  | 'REVOKE_TOKEN'
  /** Metadata of a script is set; `target` is the path. */
  | 'SET_METADATA'
  /** A request has a bad token. Good tokens are not recorded. */
  | 'SIGN_IN'
  /** The link of a user to a subject is removed; `target` is the user. */
  | 'UNLINK_USER'
  /** A key of the metadata of a script is removed; `target` is the path. */
  | 'UNSET_METADATA'
  /** The name, the source or the configuration of a script is changed. */
  | 'UPDATE_SCRIPT';

/** The API through which an action came. */
export type AuditDoorway =
  /** The command `dtrace-gateway`. */
  | 'COMMAND_LINE'
  /** The GraphQL API. */
  | 'GRAPHQL'
  /** FiFo's REST API. */
  | 'REST';

/** One entry of the audit trail: an action or a refusal. It contains no values and no secrets. */
export type AuditEvent = {
  __typename?: 'AuditEvent';
  /** The action that was done or tried. */
  action: AuditAction;
  /** The client's address, as far as proxies are trusted; `null` for the command line. */
  address?: Maybe<Scalars['String']['output']>;
  /** The time of the event. */
  at: Scalars['DateTime']['output'];
  /** The number of the event. A later event has a larger number. */
  id: Scalars['ID']['output'];
  /** The result. */
  outcome: AuditOutcome;
  /** The missing permission. */
  permission?: Maybe<Scalars['String']['output']>;
  /** The request's `x-request-id`; `null` for the command line. */
  requestId?: Maybe<Scalars['String']['output']>;
  /** The UUID of the script. The script may have been deleted, or may never have existed. */
  scriptUuid?: Maybe<Scalars['UUID']['output']>;
  /** What else the action concerns: metadata paths, an account, a grant. */
  target?: Maybe<Scalars['String']['output']>;
  /** The id of the token of the request. */
  tokenId?: Maybe<Scalars['UUID']['output']>;
  /** The id of the user; `null` for the command line and for a bad token. The user may have been deleted. */
  userId?: Maybe<Scalars['UUID']['output']>;
  /** The name that the user had then. For the command line, the name of the operating system user; `null` for a bad token. */
  userName?: Maybe<Scalars['String']['output']>;
  /** The API through which it came. */
  via: AuditDoorway;
};

/** A page of events. */
export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  /** The events with their cursors. */
  edges: Array<AuditEventEdge>;
  /** The events without cursors. */
  nodes: Array<AuditEvent>;
  /** Whether there are more pages. */
  pageInfo: PageInfo;
};

/** An event and its cursor. */
export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  /** The cursor to pass as `after`. Its format may change at any time. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: AuditEvent;
};

/** Conditions on events. An event must meet all of them. */
export type AuditEventFilter = {
  /** The action that was done or tried. */
  action?: InputMaybe<AuditAction>;
  /** The result. */
  outcome?: InputMaybe<AuditOutcome>;
  /** The UUID of the script. */
  scriptUuid?: InputMaybe<Scalars['UUID']['input']>;
  /** At this time or later. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this time. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
  /** The whole name of the user. Case matters. */
  userName?: InputMaybe<Scalars['String']['input']>;
};

/** The result of an action: success, or the code of the error. */
export type AuditOutcome =
  /** The input was wrong. */
  | 'BAD_USER_INPUT'
  /** The script was not at the expected revision, or the name was taken. */
  | 'CONFLICT'
  /** The caller did not hold `permission`. */
  | 'FORBIDDEN'
  /** The gateway failed. The log has details under the request id. */
  | 'INTERNAL_SERVER_ERROR'
  /** The script, the metadata key or the account did not exist. */
  | 'NOT_FOUND'
  /** The database could not be reached. */
  | 'SERVICE_UNAVAILABLE'
  /** The action succeeded. */
  | 'SUCCEEDED'
  /** The token was not valid. */
  | 'UNAUTHENTICATED';

/** A new script. */
export type CreateDtraceScriptInput = {
  /** Values of the placeholders; by default none. */
  config?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The metadata; by default none. */
  metadata?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The name. It need not be unique. */
  name: Scalars['String']['input'];
  /** D source with `$name$` placeholders. */
  script: Scalars['String']['input'];
};

/** The answer of `createDtraceScript`. */
export type CreateDtraceScriptPayload = {
  __typename?: 'CreateDtraceScriptPayload';
  /** The script after the write; `FORBIDDEN` if the caller may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The UUID of the script. */
  uuid: Scalars['UUID']['output'];
};

/** A range of time. All given bounds apply. */
export type DateTimeRange = {
  /** After this time. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At this time or later. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this time. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At this time or earlier. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The answer of `deleteDtraceScript`. */
export type DeleteDtraceScriptPayload = {
  __typename?: 'DeleteDtraceScriptPayload';
  /** The UUID of the deleted script. */
  uuid: Scalars['UUID']['output'];
};

/** A DTrace script of the library. Without the permission, every field answers `FORBIDDEN` in place of the script. Requires `dtrace->UUID->get`. */
export type DtraceScript = {
  __typename?: 'DtraceScript';
  /** Values of the placeholders in the source, by name. Requires `dtrace->UUID->get`. */
  config: Scalars['JSONObject']['output'];
  /** The time when the script was created. Requires `dtrace->UUID->get`. */
  createdAt: Scalars['DateTime']['output'];
  /** Data that tools store with the script: the whole object, or the value at a path. `null` if the path has no value, or the value null. Requires `dtrace->UUID->get`. */
  metadata?: Maybe<Scalars['JSON']['output']>;
  /** The name of the script. Names need not be unique. Requires `dtrace->UUID->get`. */
  name: Scalars['String']['output'];
  /** 1 for a new script; each write adds 1. Pass it as `ifRevision`. Requires `dtrace->UUID->get`. */
  revision: Scalars['Int']['output'];
  /** D source with `$name$` placeholders, which `config` fills. `$filter$` and `$partial_filter$` are reserved for the predicate that limits a run to chosen zones. Requires `dtrace->UUID->get`. */
  script: Scalars['String']['output'];
  /** The time of the last write to the script or its metadata. Requires `dtrace->UUID->get`. */
  updatedAt: Scalars['DateTime']['output'];
  /** The id of the script. It never changes. Requires `dtrace->UUID->get`. */
  uuid: Scalars['UUID']['output'];
};


/** A DTrace script of the library. Without the permission, every field answers `FORBIDDEN` in place of the script. Requires `dtrace->UUID->get`. */
export type DtraceScriptMetadataArgs = {
  path?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** A page of scripts. */
export type DtraceScriptConnection = {
  __typename?: 'DtraceScriptConnection';
  /** The scripts with their cursors. */
  edges: Array<DtraceScriptEdge>;
  /** The scripts without cursors. Requires `dtrace->UUID->get`. */
  nodes: Array<DtraceScript>;
  /** Whether there are more pages. */
  pageInfo: PageInfo;
  /** The number of scripts in the whole list, on all pages. */
  totalCount: Scalars['Int']['output'];
};

/** A script and its cursor. */
export type DtraceScriptEdge = {
  __typename?: 'DtraceScriptEdge';
  /** The cursor to pass as `after`. Its format may change at any time. */
  cursor: Scalars['String']['output'];
  /** The script. Requires `dtrace->UUID->get`. */
  node: DtraceScript;
};

/** Conditions on scripts. A script must meet all of them. */
export type DtraceScriptFilter = {
  /** The time of creation. */
  createdAt?: InputMaybe<DateTimeRange>;
  /** Conditions on the metadata, at most 20. */
  metadata?: InputMaybe<Array<DtraceScriptMetadataFilter>>;
  /** Conditions on the name. */
  name?: InputMaybe<DtraceScriptNameFilter>;
  /** The time of the last write. */
  updatedAt?: InputMaybe<DateTimeRange>;
};

/** A condition on one metadata path: `isSet`, `equals` or both. */
export type DtraceScriptMetadataFilter = {
  /** The value at the path. Type and value must be equal; members of objects may have any order. */
  equals?: InputMaybe<Scalars['JSON']['input']>;
  /** Whether the path has a value; `null` is a value too. */
  isSet?: InputMaybe<Scalars['Boolean']['input']>;
  /** Keys from the root to the value, at least one. */
  path: Array<Scalars['String']['input']>;
};

/** Conditions on the name. Case matters. */
export type DtraceScriptNameFilter = {
  /** Any part of the name. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** The whole name. */
  equals?: InputMaybe<Scalars['String']['input']>;
};

/** The order of scripts. */
export type DtraceScriptOrder = {
  /** The direction. */
  direction?: InputMaybe<OrderDirection>;
  /** The field to order by. */
  field: DtraceScriptOrderField;
};

/** A field to order scripts by. Scripts with equal values are ordered by UUID. */
export type DtraceScriptOrderField =
  /** By the time of creation. */
  | 'CREATED_AT'
  /** By name, in the order of code points. */
  | 'NAME'
  /** By the time of the last write. */
  | 'UPDATED_AT';

/** The writes. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Creates a script, and grants its creator `dtrace->UUID->...`. Requires `cloud->dtrace->create`. */
  createDtraceScript?: Maybe<CreateDtraceScriptPayload>;
  /** Deletes a script, and every grant that names it. Requires `dtrace->UUID->delete`. */
  deleteDtraceScript?: Maybe<DeleteDtraceScriptPayload>;
  /** Sets one value of the metadata; the rest stays as it is. Missing objects on the path are created. Another value on the path is the error `BAD_USER_INPUT`. Requires `dtrace->UUID->edit`. */
  setDtraceScriptMetadata?: Maybe<SetDtraceScriptMetadataPayload>;
  /** Removes one key of the metadata. If it does not exist, the error is `NOT_FOUND`. Requires `dtrace->UUID->edit`. */
  unsetDtraceScriptMetadata?: Maybe<UnsetDtraceScriptMetadataPayload>;
  /** Changes the name, the source or the configuration of a script. Requires `dtrace->UUID->edit`. */
  updateDtraceScript?: Maybe<UpdateDtraceScriptPayload>;
};


/** The writes. */
export type MutationCreateDtraceScriptArgs = {
  input: CreateDtraceScriptInput;
};


/** The writes. */
export type MutationDeleteDtraceScriptArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  uuid: Scalars['UUID']['input'];
};


/** The writes. */
export type MutationSetDtraceScriptMetadataArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  path: Array<Scalars['String']['input']>;
  uuid: Scalars['UUID']['input'];
  value?: InputMaybe<Scalars['JSON']['input']>;
};


/** The writes. */
export type MutationUnsetDtraceScriptMetadataArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  path: Array<Scalars['String']['input']>;
  uuid: Scalars['UUID']['input'];
};


/** The writes. */
export type MutationUpdateDtraceScriptArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  input: UpdateDtraceScriptInput;
  uuid: Scalars['UUID']['input'];
};

/** The direction of a list. */
export type OrderDirection =
  /** The smallest or earliest first. */
  | 'ASC'
  /** The largest or latest first. */
  | 'DESC';

/** The position of a page in its list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last node; `null` if the page is empty. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there is a next page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether the request had `after`. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first node; `null` if the page is empty. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** The reads. */
export type Query = {
  __typename?: 'Query';
  /** For federation gateways: the entities of the representations, in the same order. `null` for an entity that does not exist; `null` and an error for one that is malformed or that the caller may not `get`. */
  _entities: Array<Maybe<_Entity>>;
  /** For stitching gateways: the schema in SDL, with stitching directives. The setting `SDL_ACCESS` says who may read it. */
  _sdl: Scalars['String']['output'];
  /** For federation gateways: the schema as a subgraph. The setting `SDL_ACCESS` says who may read it. */
  _service: _Service;
  /** The audit trail: every write, successful or not, and every refusal, the latest first. Events are deleted after the configured time (90 days by default). Requires `cloud->audit->list`. */
  auditEvents: AuditEventConnection;
  /** One script, or `null` if there is no script with this UUID. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The scripts of the library as a list. It has only scripts that the caller may `get`. Without `first` it has all of them; more than the configured maximum (10,000 by default) are an error, which asks for paging. Requires `cloud->dtrace->list`. */
  dtraceScripts: Array<DtraceScript>;
  /** Several scripts, in the order of `uuids`. `null` for a script that does not exist; `null` and an error for a script that the caller may not `get`. Requires `dtrace->UUID->get` for each of `uuids`. */
  dtraceScriptsByUuid: Array<Maybe<DtraceScript>>;
  /** The scripts of the library as a Relay connection, for paging. It has only scripts that the caller may `get`. Without `first` it has all of them; more than the configured maximum (10,000 by default) are an error, which asks for paging. Requires `cloud->dtrace->list`. */
  dtraceScriptsConnection: DtraceScriptConnection;
  /** The user of the token, or `null` without a token. Requires no token. */
  viewer?: Maybe<Viewer>;
};


/** The reads. */
export type Query_EntitiesArgs = {
  representations: Array<Scalars['_Any']['input']>;
};


/** The reads. */
export type QueryAuditEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** The reads. */
export type QueryDtraceScriptArgs = {
  uuid: Scalars['UUID']['input'];
};


/** The reads. */
export type QueryDtraceScriptsArgs = {
  after?: InputMaybe<Scalars['UUID']['input']>;
  filter?: InputMaybe<DtraceScriptFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<DtraceScriptOrder>;
};


/** The reads. */
export type QueryDtraceScriptsByUuidArgs = {
  uuids: Array<Scalars['UUID']['input']>;
};


/** The reads. */
export type QueryDtraceScriptsConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DtraceScriptFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<DtraceScriptOrder>;
};

/** The answer of `setDtraceScriptMetadata`. */
export type SetDtraceScriptMetadataPayload = {
  __typename?: 'SetDtraceScriptMetadataPayload';
  /** The script after the write; `FORBIDDEN` if the caller may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The UUID of the script. */
  uuid: Scalars['UUID']['output'];
};

/** The answer of `unsetDtraceScriptMetadata`. */
export type UnsetDtraceScriptMetadataPayload = {
  __typename?: 'UnsetDtraceScriptMetadataPayload';
  /** The script after the write; `FORBIDDEN` if the caller may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The UUID of the script. */
  uuid: Scalars['UUID']['output'];
};

/** The changes to a script, at least one field. Other fields stay as they are. */
export type UpdateDtraceScriptInput = {
  /** The new configuration. It replaces the old one. */
  config?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The new name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The new D source. */
  script?: InputMaybe<Scalars['String']['input']>;
};

/** The answer of `updateDtraceScript`. */
export type UpdateDtraceScriptPayload = {
  __typename?: 'UpdateDtraceScriptPayload';
  /** The script after the write; `FORBIDDEN` if the caller may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The UUID of the script. */
  uuid: Scalars['UUID']['output'];
};

/** The user of the request. */
export type Viewer = {
  __typename?: 'Viewer';
  /** The id of the user. It never changes. */
  id: Scalars['UUID']['output'];
  /** The name of the user. */
  name: Scalars['String']['output'];
  /** All permissions of the user: granted directly, through roles, or claimed by a JSON Web Token. Example: `dtrace->_->get`. `_` stands for one segment, `...` for any number of segments. */
  permissions: Array<Scalars['String']['output']>;
  /** The names of the roles that the user joined. */
  roles: Array<Scalars['String']['output']>;
  /** The token of this request. */
  token: ViewerToken;
};

/** The token of the request. Its secret is not stored. */
export type ViewerToken = {
  __typename?: 'ViewerToken';
  /** The time when the token expires; `null` if it never does. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** The id for `dtrace-gateway tokens revoke`; `null` for a JSON Web Token. */
  id?: Maybe<Scalars['UUID']['output']>;
  /** The label given when the token was created; `null` for a JSON Web Token. */
  label?: Maybe<Scalars['String']['output']>;
};

/** The types that other services of a federated graph may refer to by key. */
export type _Entity = DtraceScript;

/** This service as a subgraph of a federated graph. */
export type _Service = {
  __typename?: '_Service';
  /** The schema in SDL, with the directives of Apollo Federation 2. */
  sdl: Scalars['String']['output'];
};

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { __typename?: 'Query', viewer?: { __typename?: 'Viewer', name: string, permissions: Array<string> } | null };

export type ListQueryVariables = Exact<{
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ListQuery = { __typename?: 'Query', dtraceScriptsConnection: { __typename?: 'DtraceScriptConnection', totalCount: number, nodes: Array<{ __typename?: 'DtraceScript', uuid: string, name: string }>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null } } };

export type ScriptQueryVariables = Exact<{
  uuid: Scalars['UUID']['input'];
}>;


export type ScriptQuery = { __typename?: 'Query', dtraceScript?: { __typename?: 'DtraceScript', uuid: string, name: string, script: string, config: Record<string, unknown>, metadata?: unknown | null, revision: number, updatedAt: string } | null };

export type SetMetadataMutationVariables = Exact<{
  uuid: Scalars['UUID']['input'];
  path: Array<Scalars['String']['input']> | Scalars['String']['input'];
  value: Scalars['JSON']['input'];
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
}>;


export type SetMetadataMutation = { __typename?: 'Mutation', setDtraceScriptMetadata?: { __typename?: 'SetDtraceScriptMetadataPayload', uuid: string } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    permissions
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const ListDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ListQuery, ListQueryVariables>;
export const ScriptDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ScriptQuery, ScriptQueryVariables>;
export const SetMetadataDocument = new TypedDocumentString(`
    mutation SetMetadata($uuid: UUID!, $path: [String!]!, $value: JSON!, $ifRevision: Int) {
  setDtraceScriptMetadata(
    uuid: $uuid
    path: $path
    value: $value
    ifRevision: $ifRevision
  ) {
    uuid
  }
}
    `) as unknown as TypedDocumentString<SetMetadataMutation, SetMetadataMutationVariables>;