import type { Command } from 'commander';
import type { AccountOperations } from '../operations/account-operations.ts';
import { formatPermission, parsePermission } from '../permissions/permission.ts';
import type { Holder } from '../store/store.ts';
import { formatTable, type Run, write } from './run.ts';

interface Options {
  readonly json?: boolean;
}

/** `users …` and `roles …`: add, list, delete, grant and revoke; users also join and leave roles. */
export function addHolderCommands(program: Command, kind: Holder, run: Run<AccountOperations>): void {
  const holders = program.command(`${kind}s`).description(`administer ${kind}s and their permissions`);
  const command = (usage: string, description: string) =>
    holders.command(usage).description(description).option('--json', 'answer with one JSON value');

  const add = command('add <name>', `add a ${kind}`);
  if (kind === 'user') add.option('--subject <subject>', 'the `sub` of the user in JSON Web Tokens');
  add.action((name: string, { subject, ...options }: Options & { readonly subject?: string }) =>
    run(async (accounts) => {
      await accounts.add(kind, name, subject);
      await write(options, { name, subject }, `Added the ${kind} ${name}.`);
    }),
  );

  command('list', `list the ${kind}s`).action((options: Options) =>
    run(async (accounts) => {
      if (kind === 'user') {
        const users = await accounts.listUsers();
        const rows = users.map(({ name, subject, roles, permissions }) => [
          name,
          subject ?? '',
          roles.join(', '),
          permissions.join(', '),
        ]);
        await write(options, users, formatTable(['USER', 'SUBJECT', 'ROLES', 'PERMISSIONS'], rows));
      } else {
        const roles = await accounts.listRoles();
        const rows = roles.map(({ name, members, permissions }) => [
          name,
          members.join(', '),
          permissions.join(', '),
        ]);
        await write(options, roles, formatTable(['ROLE', 'MEMBERS', 'PERMISSIONS'], rows));
      }
    }),
  );

  command('delete <name>', `delete a ${kind}, with its grants${kind === 'user' ? ' and tokens' : ''}`).action(
    (name: string, options: Options) =>
      run(async (accounts) => {
        await accounts.delete(kind, name);
        await write(options, { name }, `Deleted the ${kind} ${name}.`);
      }),
  );

  const permissionHelp = "a permission, as 'dtrace->_->get' or as separate words: dtrace _ get";

  command('grant <name> <permission...>', `grant a permission to a ${kind}`)
    .addHelpText('after', `\nThe permission: ${permissionHelp}`)
    .action((name: string, words: string[], options: Options) => {
      const permission = readPermission(words);
      return run(async (accounts) => {
        const granted = await accounts.grant(kind, name, permission);
        const text = granted ? `Granted ${permission} to ${name}.` : `${name} held ${permission} already.`;
        await write(options, { name, permission, granted }, text);
        if (/^dtraces(->|$)/.test(permission)) {
          process.stderr.write('Note: permissions over scripts begin with "dtrace", not "dtraces".\n');
        }
      });
    });

  command('revoke <name> <permission...>', `revoke a permission from a ${kind}`)
    .addHelpText('after', `\nThe permission: ${permissionHelp}`)
    .action((name: string, words: string[], options: Options) => {
      const permission = readPermission(words);
      return run(async (accounts) => {
        await accounts.revoke(kind, name, permission);
        await write(options, { name, permission }, `Revoked ${permission} from ${name}.`);
      });
    });

  if (kind === 'role') return;

  command('join <name> <role>', 'let a user join a role').action(
    (name: string, role: string, options: Options) =>
      run(async (accounts) => {
        const joined = await accounts.join(name, role);
        await write(
          options,
          { name, role, joined },
          joined ? `${name} joined ${role}.` : `${name} was in ${role} already.`,
        );
      }),
  );

  command('leave <name> <role>', 'let a user leave a role').action(
    (name: string, role: string, options: Options) =>
      run(async (accounts) => {
        await accounts.leave(name, role);
        await write(options, { name, role }, `${name} left ${role}.`);
      }),
  );

  command('link <name> <subject>', 'accept the JSON Web Tokens of a subject as this user').action(
    (name: string, subject: string, options: Options) =>
      run(async (accounts) => {
        const linked = await accounts.link(name, subject);
        const text = linked ? `Linked ${name} to ${subject}.` : `${name} was linked to ${subject} already.`;
        await write(options, { name, subject, linked }, text);
      }),
  );

  command('unlink <name>', 'accept no JSON Web Token as this user').action((name: string, options: Options) =>
    run(async (accounts) => {
      await accounts.unlink(name);
      await write(options, { name }, `Unlinked ${name}.`);
    }),
  );
}

/** Reads a permission given as one word or as several. */
function readPermission(words: readonly string[]): string {
  return formatPermission(parsePermission(words.join('->')));
}
