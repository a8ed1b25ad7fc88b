/** echo: the same bytes come back, as frames, or raw so that any other load tool can drive it. */
import { BODY_OFFSET, FrameError, KIND_OFFSET } from '../wire/frame.ts';
import { KINDS, METHODS } from '../wire/methods.ts';
import { busy, receiveRequests, unknownMethod } from './api/calls.ts';
import { RawDecoder } from './api/connection.ts';
import type { ServiceModule } from './api/service.ts';

const parameters = {
  /** Every byte comes back as it is, without frames. */
  raw: { type: 'boolean', default: false },
  /**
   * Bytes searched in vain for each message: a known slowdown, to test comparisons against. A set amount of work rather
   * than a set time: a machine that runs slower for a while slows it down like everything else that the server does.
   * 1,000 bytes take about a third of a microsecond.
   */
  slowdown: { type: 'integer', default: 0, min: 0, max: 10_000_000 },
} as const;

export const service: ServiceModule<typeof parameters> = {
  parameters,
  create: ({ raw, slowdown }) => {
    const haystack = new Uint8Array(slowdown);
    const counters = { messages: 0, bytes: 0 };
    const count = (bytes: number): void => {
      counters.messages += 1;
      counters.bytes += bytes;
      // The search is the engine's own compiled code: a loop in JavaScript costs five times as much until it happens to be
      // optimised, which can take longer than a warm-up.
      if (slowdown > 0) haystack.indexOf(1);
    };
    if (raw) {
      return {
        counters,
        serve: (connection) =>
          connection.receive(new RawDecoder(), (chunk) => {
            count(chunk.length);
            connection.send(chunk);
          }),
      };
    }
    return {
      counters,
      serve: (connection) =>
        receiveRequests(connection, (frame) => {
          const { bytes } = frame;
          if (frame.method !== METHODS.echo.id) return unknownMethod(connection, frame);
          const payloadBytes = bytes.length - BODY_OFFSET - 4;
          if (payloadBytes < 0 || bytes.readUInt32BE(BODY_OFFSET) !== payloadBytes) {
            throw new FrameError('the body of an echo is one field of bytes');
          }
          count(payloadBytes);
          // The received frame is ours, and the reply differs from it in one byte: nothing is copied.
          bytes[KIND_OFFSET] = KINDS.reply;
          return connection.send(bytes);
        }),
    };
  },
  turnAway: ({ raw }) => (raw ? undefined : busy('echo')),
};
