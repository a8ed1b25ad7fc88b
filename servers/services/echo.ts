/** echo: the same bytes come back, as frames, or raw so that any other load tool can drive it. */
import { BODY_OFFSET, FrameError, KIND_OFFSET } from '../wire/frame.ts';
import { KINDS, METHODS } from '../wire/methods.ts';
import { receiveRequests, unknownMethod } from './api/calls.ts';
import { RawDecoder } from './api/connection.ts';
import { busy } from './api/busy.ts';
import { dragOf, dragParameter } from './api/drag.ts';
import type { ServiceModule } from './api/service.ts';

const parameters = {
  raw: { type: 'boolean', default: false, about: 'every byte comes back as it is, without frames' },
  drag: dragParameter,
} as const;

export const service: ServiceModule<typeof parameters> = {
  parameters,
  create: ({ raw, drag }) => {
    const slowDown = drag > 0 ? dragOf(drag) : undefined;
    const counters = { messages: 0, bytes: 0 };
    const count = (bytes: number): void => {
      counters.messages += 1;
      counters.bytes += bytes;
      slowDown?.();
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
  turnAway: ({ raw }) => (raw ? undefined : busy(METHODS.echo.id)),
};
