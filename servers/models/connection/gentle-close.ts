import type { Socket } from 'node:net';

/** How long a client has to close after the server did, in milliseconds. */
const LINGER_MS = 500;

/**
 * Sends what is left, half-closes, and reads on (discarding) until the client closes too or the linger time is over. A socket closed with
 * unread bytes makes the kernel send RST, and that can destroy the last frame before the client has read it.
 */
export function closeGently(socket: Socket, lastBytes?: Uint8Array): void {
  socket.on('error', () => socket.destroy());
  if (lastBytes) socket.write(lastBytes);
  // Nothing left to read and all is with the kernel: closing sends the same FIN without a shutdown before it.
  if (socket.readableEnded && socket.writableLength === 0) {
    socket.destroy();
    return;
  }
  socket.end();
  if (socket.readableEnded) return;
  socket.resume();
  socket.once('finish', () => {
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}
