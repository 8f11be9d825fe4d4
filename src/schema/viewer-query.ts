import type { Viewer } from '../identity/viewer.ts';
import { type Builder, openToAll } from './builder.ts';

/** `viewer`: who the token is, and what it may do. */
export function addViewer(builder: Builder): void {
  const token = builder.objectRef<Viewer['token']>('ViewerToken').implement({
    description: 'The token that the request carried. Its secret is stored nowhere.',
    fields: (t) => ({
      id: t.field({
        type: 'UUID',
        nullable: true,
        description: 'What `dtrace-gateway tokens revoke` takes; `null` for a JSON Web Token.',
        resolve: ({ id }) => id,
      }),
      label: t.string({
        nullable: true,
        description: 'What it was called when it was created; `null` for a JSON Web Token.',
        resolve: ({ label }) => label,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it stops working; `null` for never.',
        resolve: ({ expiresAt }) => expiresAt,
      }),
    }),
  });
  const viewer = builder.objectRef<Viewer>('Viewer').implement({
    description: 'The user that a request is made for.',
    fields: (t) => ({
      id: t.field({
        type: 'UUID',
        description: "The user's identity, for good.",
        resolve: ({ userId }) => userId,
      }),
      name: t.string({ description: "The user's name.", resolve: ({ name }) => name }),
      roles: t.stringList({
        description: 'The roles that the user joined, by name.',
        resolve: ({ userId }, _, { accounts }) => accounts.rolesOf(userId),
      }),
      permissions: t.stringList({
        description:
          'Every permission that the user holds, directly, through a role or by the claims of a JSON Web Token, such as `dtrace->_->get`: `_` stands for one segment, `...` for any number.',
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
      description: 'Who you are, or `null` without a token.',
      extensions: openToAll,
      resolve: (_, __, context) => context.viewer,
    }),
  );
}
