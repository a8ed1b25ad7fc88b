/**
 * Runs the engine against a server in this very process for a moment, so that its code is compiled before anything is
 * measured. Without it, the first trial of a run would be slower than the others.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import session from '../../../scenarios/session.ts';
import { encodeReply } from '../../../servers/wire/body.ts';
import { FrameDecoder, KIND_OFFSET } from '../../../servers/wire/frame.ts';
import { KINDS, METHODS } from '../../../servers/wire/methods.ts';
import { monotonicClock } from '../time/clock.ts';
import { Shard } from './shard.ts';

/** Enough exchanges for V8 to compile what they run through, in some 100 ms. */
const CLIENTS = 20;
const EXCHANGES = 300;

/** Never fails: where no port can be had, the code stays cold. */
export async function warmUp(): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    const decoder = new FrameDecoder();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        if (frame.method === METHODS['session.open'].id) {
          socket.write(encodeReply('session.open', frame.callId, { waitedMs: 0 }));
        } else if (frame.method === METHODS['session.close'].id) {
          socket.end(encodeReply('session.close', frame.callId, { exchanges: EXCHANGES }));
        } else {
          frame.bytes[KIND_OFFSET] = KINDS.reply;
          socket.write(frame.bytes);
        }
      }
    });
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await exchange((server.address() as AddressInfo).port);
  } catch {
    // Warming up is no part of the measurement.
  } finally {
    server.close();
  }
}

async function exchange(port: number): Promise<void> {
  const load = {
    scenarioModule: 'builtin:session',
    parameters: { exchanges: EXCHANGES, think: '0', patience: 1000, size: 64 },
    host: '127.0.0.1',
    port,
    clients: CLIENTS,
    seed: 1,
    deadlineMs: 1000,
    warmupMs: 0,
    folder: '',
  };
  using shard = new Shard({ load, from: 0, to: CLIENTS }, session);
  await shard.run(monotonicClock.now());
}
