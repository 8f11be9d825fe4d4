import type { Viewer } from '../identity/viewer.ts';
import { type Builder, openToAll } from './builder.ts';

/** The query `viewer`: the user of the token, with roles and permissions. */
export function addViewer(builder: Builder): void {
  const token = builder.objectRef<Viewer['token']>('ViewerToken').implement({
    description: 'The token of the request. Its secret is not stored.',
    fields: (t) => ({
      id: t.field({
        type: 'UUID',
        nullable: true,
        description: 'The id for `dtrace-gateway tokens revoke`; `null` for a JSON Web Token.',
        resolve: ({ id }) => id,
      }),
      label: t.string({
        nullable: true,
        description: 'The label given when the token was created; `null` for a JSON Web Token.',
        resolve: ({ label }) => label,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The time when the token expires; `null` if it never does.',
        resolve: ({ expiresAt }) => expiresAt,
      }),
    }),
  });
  const viewer = builder.objectRef<Viewer>('Viewer').implement({
    description: 'The user of the request.',
    fields: (t) => ({
      id: t.field({
        type: 'UUID',
        description: 'The id of the user. It never changes.',
        resolve: ({ userId }) => userId,
      }),
      name: t.string({ description: 'The name of the user.', resolve: ({ name }) => name }),
      roles: t.stringList({
        description: 'The names of the roles that the user joined.',
        resolve: ({ userId }, _, { accounts }) => accounts.rolesOf(userId),
      }),
      permissions: t.stringList({
        description:
          'All permissions of the user: granted directly, through roles, or claimed by a JSON Web Token. Example: `dtrace->_->get`. `_` stands for one segment, `...` for any number of segments.',
        resolve: ({ permissions }) => [...permissions.granted],
      }),
      token: t.field({
        type: token,
        description: 'The token of this request.',
        resolve: ({ token }) => token,
      }),
    }),
  });
  builder.queryField('viewer', (t) =>
    t.field({
      type: viewer,
      nullable: true,
      description: 'The user of the token, or `null` without a token.',
      extensions: openToAll,
      resolve: (_, __, context) => context.viewer,
    }),
  );
}
