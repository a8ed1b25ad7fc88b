/**
 * A session server for the recorded run that answers everybody at once, and every twentieth exchange with an error:
 * `node faulty-server.ts PORT`. With `broken` after it, it does not start.
 */
import { createServer } from 'node:net';
import { encodeError, encodeReply } from '../../../servers/wire/body.ts';
import { METHODS } from '../../../servers/wire/methods.ts';
import { eachFrame, replyTo } from '../../load/fixtures/servers.ts';

if (process.argv[3] === 'broken') {
  console.error('The configuration is missing.');
  process.exit(1);
}

const EVERY = 20;
let exchanges = 0;

createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  let own = 0;
  eachFrame(socket, (frame) => {
    switch (frame.method) {
      case METHODS['session.open'].id:
        socket.write(encodeReply('session.open', frame.callId, { waitedMs: 0 }));
        break;
      case METHODS['session.close'].id:
        socket.end(encodeReply('session.close', frame.callId, { exchanges: own }));
        break;
      default:
        exchanges += 1;
        own += 1;
        socket.write(
          exchanges % EVERY === 0
            ? encodeError(frame.method, frame.callId, 'internal', 'the database is gone')
            : replyTo(frame),
        );
    }
  });
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 2048 });
