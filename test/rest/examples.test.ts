import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleScripts } from '../../src/dtrace/sample-scripts.ts';
import type { RunningServer } from '../../src/http/server.ts';
import { digestToken } from '../../src/identity/token.ts';
import { anyEvent } from '../support/event.ts';
import { createWorld, type World } from '../support/world.ts';
import { exchange } from './client.ts';

// The examples of FiFo's "API - DTrace", byte for byte: its token is a token of this world, its scripts are here. Only
// what the documentation leaves out and HTTP/1.1 demands is added: the length of a body, and the host where it lacks.

let world: World;
let server: RunningServer;

beforeAll(async () => {
  world = await createWorld();
  await world.store.accounts.createToken(
    'admin',
    {
      id: randomUUID(),
      digest: digestToken('gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6'),
      label: null,
      createdAt: new Date(),
      expiresAt: null,
    },
    anyEvent(),
  );
  server = await world.listen();
});

afterAll(async () => {
  await world.close();
});

async function ask(head: string, body?: string) {
  const lines = head.trim().split('\n');
  if (!/^host:/m.test(head)) lines.push('host: cloud.project-fifo.net');
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return exchange(server.url, `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

const scriptOf = async (uuid: string) => {
  const found = await world.store.scripts.findMany([uuid], ['uuid', 'name', 'script', 'config', 'metadata']);
  return JSON.parse(JSON.stringify(found))[0];
};

const zfsReads = 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e';

describe('the examples of the documentation', () => {
  it('GET /dtrace', async () => {
    await addZfsReads();
    const { statusLine, headers, body } = await ask(`
GET /dtrace HTTP/1.1
host: cloud.project-fifo.net
accept: application/json
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6`);
    expect(statusLine).toBe('HTTP/1.1 200 OK');
    expect(headers.get('vary')).toBe('accept');
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toBe('["b7c658e0-2ddb-46dd-8973-4a59ffc9957e"]');
  });

  it('POST /api/0.1.0/dtrace', async () => {
    const sent = String.raw`{
"config": {"start":127, "end":0, "step":4},
"name": "erlang function calls",
"script": "erlang*:::global-function-entry\n$filter$\n{\n  self->t[copyinstr(arg1)] = vtimestamp;\n}\nerlang*:::function-return\n/self->t[copyinstr(arg1)]/\n{\n  @time[copyinstr(arg1)] = lquantize((vtimestamp - self->t[copyinstr(arg1)] ) / 1000, $start$, $end$, $step$);\n  self->t[copyinstr(arg1)] = 0;\n}"
}`;
    const { statusLine, headers, body } = await ask(
      `
POST /api/0.1.0/dtrace HTTP/1.1
Accept: application/json
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6
Content-Type: application/json`,
      sent,
    );
    expect(statusLine).toBe('HTTP/1.1 303 See Other');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('vary')).toBe('accept');
    expect(headers.get('location')).toMatch(
      /^\/api\/0\.1\.0\/dtrace\/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    );
    expect(body).toBe('');
    const uuid = headers.get('location')?.split('/').at(-1) ?? '';
    expect(await scriptOf(uuid)).toEqual({ uuid, metadata: {}, ...JSON.parse(sent) });
    await world.store.scripts.delete(uuid, { event: anyEvent() });
  });

  it('GET /dtrace/(uuid:dtrace)', async () => {
    const { statusLine, headers, body } = await ask(`
GET /dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e HTTP/1.1
host: cloud.project-fifo.net
accept: application/json
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6`);
    expect(statusLine).toBe('HTTP/1.1 200 OK');
    expect(headers.get('vary')).toBe('accept');
    expect(headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      uuid: 'b7c658e0-2ddb-46dd-8973-4a59ffc9957e',
      name: 'zfs reads',
      script: '/*some dtrace here/*',
      config: { start: 0, end: 64, step: 2 },
      metadata: {},
    });
    expect(Object.keys(JSON.parse(body))).toEqual(['uuid', 'name', 'script', 'config', 'metadata']);
  });

  it('PUT …/metadata/jingles, the example of /vms', async () => {
    const { statusLine, headers, body } = await ask(
      `
PUT /api/0.1.0/dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e/metadata/jingles HTTP/1.1
Accept: application/json
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6
Content-Type: application/json`,
      '{"notes":  [{"text":"yap","created_at":"2014-09-13T01:34:03.379Z"}]}',
    );
    expect(statusLine).toBe('HTTP/1.1 204 No Content');
    expect(headers.get('vary')).toBe('accept');
    expect(body).toBe('');
    expect((await scriptOf(zfsReads))?.metadata).toEqual({
      jingles: { notes: [{ text: 'yap', created_at: '2014-09-13T01:34:03.379Z' }] },
    });
  });

  it('DELETE …/metadata/(path:metadata)', async () => {
    const { statusLine, body } = await ask(`
DELETE /dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e/metadata/jingles/notes HTTP/1.1
host: cloud.project-fifo.net
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6`);
    expect(statusLine).toBe('HTTP/1.1 204 No Content');
    expect(body).toBe('');
    expect((await scriptOf(zfsReads))?.metadata).toEqual({ jingles: {} });
  });

  it('DELETE /dtrace/(uuid:dtrace)', async () => {
    const { statusLine, body } = await ask(`
DELETE /dtrace/b7c658e0-2ddb-46dd-8973-4a59ffc9957e HTTP/1.1
host: cloud.project-fifo.net
Authorization: Bearer gjGGIkIM2m518n4UmEgubIH0H2Xkt1Y6`);
    expect(statusLine).toBe('HTTP/1.1 204 No Content');
    expect(body).toBe('');
    expect(await scriptOf(zfsReads)).toBeNull();
  });
});

async function addZfsReads(): Promise<void> {
  const [script] = sampleScripts(new Date());
  const owner = await world.store.accounts.findToken(digestToken(world.tokens.admin), new Date());
  if (!script || !owner) throw new Error('There is no sample script, or no admin.');
  await world.store.scripts.create(script, { userId: owner.userId, permission: '...->get' }, anyEvent());
}
