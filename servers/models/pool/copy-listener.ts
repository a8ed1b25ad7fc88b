/**
 * A process that lives for a moment: it listens on the socket that it inherited and sends copies of it back. Node has
 * no `dup`, but a descriptor that is sent over a Unix socket arrives as a new one for the same listening socket.
 */
import { createServer } from 'node:net';

const [copies, backlog] = process.argv.slice(2).map(Number);

const server = createServer().listen({ fd: 4, backlog: backlog ?? 511 }, () => {
  let sent = 0;
  for (let i = 0; i < (copies ?? 0); i += 1) {
    process.send?.({ copy: i }, server, {}, () => {
      sent += 1;
      if (sent === copies) process.exit(0);
    });
  }
});
// The parent is gone: nobody wants the copies.
process.on('disconnect', () => process.exit(0));
