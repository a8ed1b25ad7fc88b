import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { findVariant } from '../../../servers/catalogue.ts';
import { within } from '../../waiting.ts';

const CLIENTS = 20;

void test('workers whose server was killed while they served end in silence', async () => {
  const [file = '', ...args] =
    findVariant('ts-prefork-pass')?.command({
      service: 'echo',
      workers: 2,
      slots: 0,
      set: { raw: 'true' },
    }) ?? [];
  const server = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // It ends when the last worker has: they all hold the other end.
  const said = text(server.stderr);
  const [ready] = (await within('the server to be ready', once(createInterface(server.stdout), 'line'))) as [
    string,
  ];
  const { port } = JSON.parse(ready) as { readonly port: number };
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = connect(port, '127.0.0.1').on('error', () => undefined);
      client.write('x');
      await within('an echo', once(client, 'data'));
      return client;
    }),
  );
  server.kill('SIGKILL');
  // Each end is something that a worker tells a parent who is not there.
  for (const client of clients) client.destroy();
  assert.equal(await within('the workers to be gone', said), '');
});
