/**
 * A short-lived process that listens on its inherited socket and sends copies back. Node has no `dup`, but a
 * descriptor sent over a Unix socket arrives as a new one for the same listening socket.
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
// The parent has ended: nobody needs the copies.
process.on('disconnect', () => process.exit(0));
