/** The load engine over Node's own sockets: the same behaviour, whichever code carries the connections. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { monotonicClock } from '../../../harness/load/time/clock.ts';
import { openSockets } from '../../../harness/load/sockets/open.ts';

process.env['GENERATOR_SOCKETS'] = 'node';

void test('the engine runs over the sockets that are asked for', () => {
  using sockets = openSockets(monotonicClock, '127.0.0.1');
  assert.equal(sockets.kind, 'node');
});

await import('../connection/connection.test.ts');
await import('../connection/misbehaving-servers.test.ts');
await import('../client/open-loop.test.ts');
