import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestToken } from '../../src/identity/token.ts';
import { anyEvent } from '../support/event.ts';
import { createWorld, type Person, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ DATABASE_POOL_SIZE: '5' });
});
afterAll(() => world.close());

const create = 'mutation ($name: String!) { createDtraceScript(input: {name: $name, script: "s"}) { uuid } }';
const remove = 'mutation ($uuid: UUID!) { deleteDtraceScript(uuid: $uuid) { uuid } }';

describe('many at once', () => {
  it('serves 500 requests on five connections, none refused', async () => {
    const uuid = await world.addScript('popular');
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        index % 10 === 0
          ? world.ask('admin', create, { name: `new ${index}` })
          : world.ask('reader', 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { name } }', { uuid }),
      ),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('changes what the same people may do from many sides, without a deadlock or a loss', async () => {
    const uuids = await Promise.all(
      Array.from({ length: 30 }, (_, index) => world.addScript(`old ${index}`)),
    );
    const roles = Array.from({ length: 5 }, (_, index) => `role ${index}`);
    for (const role of roles) {
      await world.accounts.add('role', role);
      for (const person of ['admin', 'reader', 'lister', 'editor'] satisfies Person[]) {
        await world.accounts.join(person, role);
      }
    }
    await Promise.all(
      uuids.map((uuid, index) => world.accounts.grant('role', `role ${index % 5}`, `dtrace->${uuid}->get`)),
    );

    const outcomes = await Promise.all(
      uuids.flatMap((uuid, index) => [
        world.ask('admin', remove, { uuid }).then(({ errors }) => expect(errors).toEqual([])),
        world
          .ask('admin', create, { name: `young ${index}` })
          .then(({ errors }) => expect(errors).toEqual([])),
        world.accounts.grant('role', `role ${index % 5}`, `other->${index}`),
        world.accounts
          .revoke('role', `role ${index % 5}`, `dtrace->${uuid}->get`)
          .catch(() => 'gone with its script'),
      ]),
    );
    expect(outcomes).toHaveLength(120);

    const { data } = await world.ask('reader', '{ viewer { permissions } }');
    expect(data.viewer.permissions.sort()).toEqual(
      ['cloud->dtrace->list', 'dtrace->_->get', ...uuids.map((_, index) => `other->${index}`)].sort(),
    );
  });

  it('undoes all of a creation that fails half-way, and nothing of those beside it', async () => {
    const { accounts, scripts } = world.store;
    const owner = async () => accounts.findToken(digestToken(world.tokens.creator), new Date());
    const before = await owner();
    const userId = before?.userId ?? '';
    const at = new Date();
    const create = (uuid: string) =>
      scripts.create(
        { uuid, name: 'n', script: 's', config: {}, metadata: {}, revision: 1, createdAt: at, updatedAt: at },
        { userId, permission: `dtrace->${uuid}->...` },
        { ...anyEvent(), scriptUuid: uuid },
      );

    const taken = randomUUID();
    await create(taken);
    const outcomes = await Promise.allSettled([randomUUID(), taken, randomUUID(), taken].map(create));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect((await owner())?.permissionsVersion).toBe((before?.permissionsVersion ?? 0) + 3);
    expect(await accounts.permissionsOf(userId)).toHaveLength(5);
    expect(await world.store.audit.list({ scriptUuid: taken, limit: 9 })).toHaveLength(1);
  });
});
