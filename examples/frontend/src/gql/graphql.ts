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
  /** A moment in RFC 3339, to the millisecond, such as `2026-11-23T15:36:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** Any JSON value. Numbers are IEEE 754 doubles: whole numbers beyond 2^53 lose their last digits, and keys of objects come back in no particular order. */
  JSON: { input: unknown; output: unknown; }
  /** A JSON object. See `JSON` for what happens to very large numbers. */
  JSONObject: { input: Record<string, unknown>; output: Record<string, unknown>; }
  /** A UUID such as `b7c658e0-2ddb-46dd-8973-4a59ffc9957e`. Upper-case letters are accepted and read as lower-case ones. */
  UUID: { input: string; output: string; }
  /** A representation of an entity: an object with its `__typename` and its key. */
  _Any: { input: unknown; output: unknown; }
};

/** What leaves a trace. */
export type AuditAction =
  /** A role is added; `target` is the role. */
  | 'ADD_ROLE'
  /** A user is added; `target` is the user. */
  | 'ADD_USER'
  /** An empty database is given its first user at the first start; `target` is the user. */
  | 'BOOTSTRAP'
  /** A script is created. */
  | 'CREATE_SCRIPT'
  /** A token is created; `target` is the user and the id of the token. */
  | 'CREATE_TOKEN'
  /** A role is deleted; `target` is the role. */
  | 'DELETE_ROLE'
  /** A script is deleted. */
  | 'DELETE_SCRIPT'
  /** A user is deleted; `target` is the user. */
  | 'DELETE_USER'
  /** A script is read. Only refusals are recorded. */
  | 'GET_SCRIPT'
  /** The schema for gateways is read. Only refusals are recorded. */
  | 'GET_SDL'
  /** A user or a role is granted a permission; `target` is both. */
  | 'GRANT_PERMISSION'
  /** An export is imported. */
  | 'IMPORT'
  /** A user joins a role; `target` is both. */
  | 'JOIN_ROLE'
  /** A user leaves a role; `target` is both. */
  | 'LEAVE_ROLE'
  /** A user is linked to a subject of an issuer of tokens; `target` is both. */
  | 'LINK_USER'
  /** The audit trail is read. Only refusals are recorded. */
  | 'LIST_AUDIT_EVENTS'
  /** The scripts are listed. Only refusals are recorded. */
  | 'LIST_SCRIPTS'
  /** The metrics are read. Only refusals are recorded. */
  | 'READ_METRICS'
  /** A permission of a user or a role is revoked; `target` is both. */
  | 'REVOKE_PERMISSION'
  /** A token is revoked; `target` is the id of the token. */
  | 'REVOKE_TOKEN'
  /** Metadata of a script is set; `target` is the path. */
  | 'SET_METADATA'
  /** A bad token is presented. Good ones are not recorded. */
  | 'SIGN_IN'
  /** A user is linked to no subject any more; `target` is the user. */
  | 'UNLINK_USER'
  /** A key of the metadata of a script is removed; `target` is the path. */
  | 'UNSET_METADATA'
  /** The name, the source or the configuration of a script is changed. */
  | 'UPDATE_SCRIPT';

/** The way in which it came. */
export type AuditDoorway =
  /** By the command `dtrace-gateway`. */
  | 'COMMAND_LINE'
  /** As a GraphQL operation. */
  | 'GRAPHQL'
  /** By FiFo's REST API. */
  | 'REST';

/** Something that somebody did, or was refused. It holds no value and no secret. */
export type AuditEvent = {
  __typename?: 'AuditEvent';
  /** What was done, or tried. Requires no permission of its own. */
  action: AuditAction;
  /** The client's address, as far as proxies are trusted; `null` for the command line. Requires no permission of its own. */
  address?: Maybe<Scalars['String']['output']>;
  /** When. Requires no permission of its own. */
  at: Scalars['DateTime']['output'];
  /** Its number. Of two events, the one that was recorded later has the larger one. Requires no permission of its own. */
  id: Scalars['ID']['output'];
  /** What became of it. Requires no permission of its own. */
  outcome: AuditOutcome;
  /** The permission that was lacking. Requires no permission of its own. */
  permission?: Maybe<Scalars['String']['output']>;
  /** The request's `x-request-id`; `null` for the command line. Requires no permission of its own. */
  requestId?: Maybe<Scalars['String']['output']>;
  /** The script that it is about. It may be gone by now, or never have been. Requires no permission of its own. */
  scriptUuid?: Maybe<Scalars['UUID']['output']>;
  /** What else it is about: paths of the metadata, an account, a grant. Requires no permission of its own. */
  target?: Maybe<Scalars['String']['output']>;
  /** The token that the request carried, by its id. Requires no permission of its own. */
  tokenId?: Maybe<Scalars['UUID']['output']>;
  /** Who; `null` for the command line and for a bad token. The user may be gone by now. Requires no permission of its own. */
  userId?: Maybe<Scalars['UUID']['output']>;
  /** Who, by the name of that time. For the command line the operating system's; `null` for a bad token. Requires no permission of its own. */
  userName?: Maybe<Scalars['String']['output']>;
  /** The way in which it came. Requires no permission of its own. */
  via: AuditDoorway;
};

/** A page of events. */
export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  /** The events with their places. Requires no permission of its own. */
  edges: Array<AuditEventEdge>;
  /** The events alone. Requires no permission of its own. */
  nodes: Array<AuditEvent>;
  /** Where the page stands. Requires no permission of its own. */
  pageInfo: PageInfo;
};

/** An event in its place in a connection. */
export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  /** The place, to be passed as `after`. Its form may change at any time. Requires no permission of its own. */
  cursor: Scalars['String']['output'];
  /** The event. Requires no permission of its own. */
  node: AuditEvent;
};

/** Which events to list: those for which all given conditions hold. */
export type AuditEventFilter = {
  /** What was done, or tried. */
  action?: InputMaybe<AuditAction>;
  /** What became of it. */
  outcome?: InputMaybe<AuditOutcome>;
  /** The script that it is about. */
  scriptUuid?: InputMaybe<Scalars['UUID']['input']>;
  /** At or later than. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Earlier than. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who, by the whole name; case counts. */
  userName?: InputMaybe<Scalars['String']['input']>;
};

/** What became of it: done, or the code of the error that was answered. */
export type AuditOutcome =
  /** The input was not right. */
  | 'BAD_USER_INPUT'
  /** The script had moved on from the expected revision, or the name was taken. */
  | 'CONFLICT'
  /** `permission` was lacking. */
  | 'FORBIDDEN'
  /** Something went wrong in the gateway; the log tells more under the request id. */
  | 'INTERNAL_SERVER_ERROR'
  /** What it was about was not there. */
  | 'NOT_FOUND'
  /** The database could not be reached. */
  | 'SERVICE_UNAVAILABLE'
  /** It was done. */
  | 'SUCCEEDED'
  /** The token was not valid. */
  | 'UNAUTHENTICATED';

/** A new script. */
export type CreateDtraceScriptInput = {
  /** Values for the placeholders; without it none. */
  config?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The first metadata; without it none. */
  metadata?: InputMaybe<Scalars['JSONObject']['input']>;
  /** What to call it; it need not be unique. */
  name: Scalars['String']['input'];
  /** D source with `$name$` placeholders. */
  script: Scalars['String']['input'];
};

/** What `createDtraceScript` answers. */
export type CreateDtraceScriptPayload = {
  __typename?: 'CreateDtraceScriptPayload';
  /** The script after the write; `FORBIDDEN` for whoever may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The script's UUID. Requires no permission of its own. */
  uuid: Scalars['UUID']['output'];
};

/** A span of time; all given bounds hold. */
export type DateTimeRange = {
  /** Later than. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or later than. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Earlier than. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** At or earlier than. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What `deleteDtraceScript` answers. */
export type DeleteDtraceScriptPayload = {
  __typename?: 'DeleteDtraceScriptPayload';
  /** The UUID that the script had. Requires no permission of its own. */
  uuid: Scalars['UUID']['output'];
};

/** A DTrace script of the library. Whoever lacks the permission gets `FORBIDDEN` in its place, however it is reached. Requires `dtrace->UUID->get`. */
export type DtraceScript = {
  __typename?: 'DtraceScript';
  /** Values for the placeholders of the source, by name. Requires `dtrace->UUID->get`. */
  config: Scalars['JSONObject']['output'];
  /** When the script was created. Requires `dtrace->UUID->get`. */
  createdAt: Scalars['DateTime']['output'];
  /** What tools keep beside the script: the whole document, an object, or the value at a path. `null` where the path holds nothing (or null). Requires `dtrace->UUID->get`. */
  metadata?: Maybe<Scalars['JSON']['output']>;
  /** What people call it. Names need not be unique. Requires `dtrace->UUID->get`. */
  name: Scalars['String']['output'];
  /** 1 when the script is created, and one more after every write. Pass it as `ifRevision`. Requires `dtrace->UUID->get`. */
  revision: Scalars['Int']['output'];
  /** D source with `$name$` placeholders, which `config` fills. `$filter$` and `$partial_filter$` are reserved for the predicate that confines a run to chosen zones. Requires `dtrace->UUID->get`. */
  script: Scalars['String']['output'];
  /** When the script, or its metadata, was last written. Requires `dtrace->UUID->get`. */
  updatedAt: Scalars['DateTime']['output'];
  /** The script's identity, for good. Requires `dtrace->UUID->get`. */
  uuid: Scalars['UUID']['output'];
};


/** A DTrace script of the library. Whoever lacks the permission gets `FORBIDDEN` in its place, however it is reached. Requires `dtrace->UUID->get`. */
export type DtraceScriptMetadataArgs = {
  path?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** A page of scripts. */
export type DtraceScriptConnection = {
  __typename?: 'DtraceScriptConnection';
  /** The scripts with their places. Requires no permission of its own. */
  edges: Array<DtraceScriptEdge>;
  /** The scripts alone. Requires `dtrace->UUID->get`. */
  nodes: Array<DtraceScript>;
  /** Where the page stands. Requires no permission of its own. */
  pageInfo: PageInfo;
  /** How many scripts the whole list has, whatever the page: those that match and may be seen. Requires no permission of its own. */
  totalCount: Scalars['Int']['output'];
};

/** A script in its place in a connection. */
export type DtraceScriptEdge = {
  __typename?: 'DtraceScriptEdge';
  /** The place, to be passed as `after`. Its form may change at any time. Requires no permission of its own. */
  cursor: Scalars['String']['output'];
  /** The script. Requires `dtrace->UUID->get`. */
  node: DtraceScript;
};

/** Which scripts to list: those for which all given conditions hold. */
export type DtraceScriptFilter = {
  /** When the script was created. */
  createdAt?: InputMaybe<DateTimeRange>;
  /** Conditions on the metadata, at most 20. */
  metadata?: InputMaybe<Array<DtraceScriptMetadataFilter>>;
  /** Conditions on the name. */
  name?: InputMaybe<DtraceScriptNameFilter>;
  /** When the script was last written. */
  updatedAt?: InputMaybe<DateTimeRange>;
};

/** A condition on one path of the metadata. Give `isSet`, `equals`, or both. */
export type DtraceScriptMetadataFilter = {
  /** The value at the path: the same type and value, objects with the same members in any order. */
  equals?: InputMaybe<Scalars['JSON']['input']>;
  /** Whether the path holds something, `null` included. */
  isSet?: InputMaybe<Scalars['Boolean']['input']>;
  /** Keys from the root inwards, at least one. */
  path: Array<Scalars['String']['input']>;
};

/** Conditions on the name, compared letter by letter: case counts. */
export type DtraceScriptNameFilter = {
  /** A part of the name. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** The whole name. */
  equals?: InputMaybe<Scalars['String']['input']>;
};

/** How to order scripts. */
export type DtraceScriptOrder = {
  /** Which way. */
  direction?: InputMaybe<OrderDirection>;
  /** What to order by. */
  field: DtraceScriptOrderField;
};

/** What scripts can be ordered by. Scripts alike in it are ordered by their UUID. */
export type DtraceScriptOrderField =
  /** By when they were created. */
  | 'CREATED_AT'
  /** By name, code point by code point. */
  | 'NAME'
  /** By when they were last written. */
  | 'UPDATED_AT';

/** What can be written. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Adds a script and grants its creator `dtrace->UUID->...`. Requires `cloud->dtrace->create`. */
  createDtraceScript?: Maybe<CreateDtraceScriptPayload>;
  /** Removes a script for good, and every grant that names it. Requires `dtrace->UUID->delete`. */
  deleteDtraceScript?: Maybe<DeleteDtraceScriptPayload>;
  /** Sets one value of the metadata and leaves the rest alone. Objects on the way are created; anything else in the way is `BAD_USER_INPUT`. Requires `dtrace->UUID->edit`. */
  setDtraceScriptMetadata?: Maybe<SetDtraceScriptMetadataPayload>;
  /** Removes one key of the metadata; `NOT_FOUND` when it is not there. Requires `dtrace->UUID->edit`. */
  unsetDtraceScriptMetadata?: Maybe<UnsetDtraceScriptMetadataPayload>;
  /** Changes the name, the source or the configuration of a script. Requires `dtrace->UUID->edit`. */
  updateDtraceScript?: Maybe<UpdateDtraceScriptPayload>;
};


/** What can be written. */
export type MutationCreateDtraceScriptArgs = {
  input: CreateDtraceScriptInput;
};


/** What can be written. */
export type MutationDeleteDtraceScriptArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  uuid: Scalars['UUID']['input'];
};


/** What can be written. */
export type MutationSetDtraceScriptMetadataArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  path: Array<Scalars['String']['input']>;
  uuid: Scalars['UUID']['input'];
  value?: InputMaybe<Scalars['JSON']['input']>;
};


/** What can be written. */
export type MutationUnsetDtraceScriptMetadataArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  path: Array<Scalars['String']['input']>;
  uuid: Scalars['UUID']['input'];
};


/** What can be written. */
export type MutationUpdateDtraceScriptArgs = {
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
  input: UpdateDtraceScriptInput;
  uuid: Scalars['UUID']['input'];
};

/** Which way a list runs. */
export type OrderDirection =
  /** Smallest, or earliest, first. */
  | 'ASC'
  /** Largest, or latest, first. */
  | 'DESC';

/** Where a page stands in its list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The place of the last node of the page; `null` when the page is empty. Requires no permission of its own. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more follow. Requires no permission of its own. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether the page was asked for with `after`. Requires no permission of its own. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The place of the first node of the page; `null` when the page is empty. Requires no permission of its own. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** What can be read. */
export type Query = {
  __typename?: 'Query';
  /** For federation gateways: entities by their representations, position for position. `null` for one that does not exist, `null` and an error for one that the caller may not `get` or that is malformed. Requires no permission of its own. */
  _entities: Array<Maybe<_Entity>>;
  /** For stitching gateways: the schema in SDL, with stitching directives. Whether it takes a token is a setting, `SDL_ACCESS`. Requires no permission of its own. */
  _sdl: Scalars['String']['output'];
  /** For federation gateways: the schema as a subgraph. Whether it takes a token is a setting, `SDL_ACCESS`. Requires no permission of its own. */
  _service: _Service;
  /** The audit trail: every write, whatever became of it, and every refusal, the latest first. What is older than the configured time (90 days by default) is gone. Requires `cloud->audit->list`. */
  auditEvents: AuditEventConnection;
  /** One script, or `null` when there is none by that UUID. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The scripts of the library as a flat list. Only scripts that the caller may `get` are shown. Without `first` all of them; when there are more than the configured maximum (10,000 by default), that is an error which asks for paging. Requires `cloud->dtrace->list`. */
  dtraceScripts: Array<DtraceScript>;
  /** Several scripts at once, position for position: `null` for one that does not exist, `null` and an error for one that the caller may not `get`. Requires `dtrace->UUID->get` for each of `uuids`. */
  dtraceScriptsByUuid: Array<Maybe<DtraceScript>>;
  /** The scripts of the library as a Relay connection, for paging. Only scripts that the caller may `get` are shown. Without `first` all of them; when there are more than the configured maximum (10,000 by default), that is an error which asks for paging. Requires `cloud->dtrace->list`. */
  dtraceScriptsConnection: DtraceScriptConnection;
  /** Who you are, or `null` without a token. Open to all, signed in or not. */
  viewer?: Maybe<Viewer>;
};


/** What can be read. */
export type Query_EntitiesArgs = {
  representations: Array<Scalars['_Any']['input']>;
};


/** What can be read. */
export type QueryAuditEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be read. */
export type QueryDtraceScriptArgs = {
  uuid: Scalars['UUID']['input'];
};


/** What can be read. */
export type QueryDtraceScriptsArgs = {
  after?: InputMaybe<Scalars['UUID']['input']>;
  filter?: InputMaybe<DtraceScriptFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<DtraceScriptOrder>;
};


/** What can be read. */
export type QueryDtraceScriptsByUuidArgs = {
  uuids: Array<Scalars['UUID']['input']>;
};


/** What can be read. */
export type QueryDtraceScriptsConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DtraceScriptFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<DtraceScriptOrder>;
};

/** What `setDtraceScriptMetadata` answers. */
export type SetDtraceScriptMetadataPayload = {
  __typename?: 'SetDtraceScriptMetadataPayload';
  /** The script after the write; `FORBIDDEN` for whoever may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The script's UUID. Requires no permission of its own. */
  uuid: Scalars['UUID']['output'];
};

/** What `unsetDtraceScriptMetadata` answers. */
export type UnsetDtraceScriptMetadataPayload = {
  __typename?: 'UnsetDtraceScriptMetadataPayload';
  /** The script after the write; `FORBIDDEN` for whoever may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The script's UUID. Requires no permission of its own. */
  uuid: Scalars['UUID']['output'];
};

/** What to change of a script: at least one field. Fields that are left out stay as they are. */
export type UpdateDtraceScriptInput = {
  /** The new configuration as a whole. */
  config?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The new name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The new D source. */
  script?: InputMaybe<Scalars['String']['input']>;
};

/** What `updateDtraceScript` answers. */
export type UpdateDtraceScriptPayload = {
  __typename?: 'UpdateDtraceScriptPayload';
  /** The script after the write; `FORBIDDEN` for whoever may write but not `get` it. Requires `dtrace->UUID->get`. */
  dtraceScript?: Maybe<DtraceScript>;
  /** The script's UUID. Requires no permission of its own. */
  uuid: Scalars['UUID']['output'];
};

/** The user that a request is made for. */
export type Viewer = {
  __typename?: 'Viewer';
  /** The user's identity, for good. Requires no permission of its own. */
  id: Scalars['UUID']['output'];
  /** The user's name. Requires no permission of its own. */
  name: Scalars['String']['output'];
  /** Every permission that the user holds, directly, through a role or by the claims of a JSON Web Token, such as `dtrace->_->get`: `_` stands for one segment, `...` for any number. Requires no permission of its own. */
  permissions: Array<Scalars['String']['output']>;
  /** The roles that the user joined, by name. Requires no permission of its own. */
  roles: Array<Scalars['String']['output']>;
  /** The token of this request. Requires no permission of its own. */
  token: ViewerToken;
};

/** The token that the request carried. Its secret is stored nowhere. */
export type ViewerToken = {
  __typename?: 'ViewerToken';
  /** When it stops working; `null` for never. Requires no permission of its own. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What `dtrace-gateway tokens revoke` takes; `null` for a JSON Web Token. Requires no permission of its own. */
  id?: Maybe<Scalars['UUID']['output']>;
  /** What it was called when it was created; `null` for a JSON Web Token. Requires no permission of its own. */
  label?: Maybe<Scalars['String']['output']>;
};

/** What other services of a federated graph may refer to by its key. */
export type _Entity = DtraceScript;

/** This service as a subgraph of a federated graph. */
export type _Service = {
  __typename?: '_Service';
  /** The schema in SDL, with the directives of Apollo Federation 2. Requires no permission of its own. */
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