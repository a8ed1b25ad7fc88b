/**
 * A server that returns what it gets after an exactly known delay: a process of its own, so that its waiting takes
 * nothing from the generator.
 *
 * Each line on stdin sets the delay, in ms; the answering line on stdout says how late the answers since the line
 * before were, in ms (median): a delay is known only where the machine let the server keep it. Timers have a grain of
 * 1 ms and run late, so the last of a delay is waited out with the clock in view. One connection at a time is served
 * exactly; with a delay of 0, any number.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The end of a delay that is not left to a timer, in ms. */
const WATCHED_MS = 2;

let delayMs = 0;
let latenessMs: number[] = [];

function answer(socket: Socket, bytes: Buffer): void {
  if (delayMs === 0) {
    socket.write(bytes);
    return;
  }
  const dueMs = performance.now() + delayMs;
  const finish = (): void => {
    let nowMs = performance.now();
    while (nowMs < dueMs) nowMs = performance.now();
    latenessMs.push(nowMs - dueMs);
    socket.write(bytes);
  };
  if (delayMs > WATCHED_MS) setTimeout(finish, delayMs - WATCHED_MS);
  else finish();
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => answer(socket, bytes));
  // A client that resets its connection at the end of a load is no concern of this server.
  socket.on('error', () => socket.destroy());
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, () => {
  say({ event: 'ready', port: (server.address() as AddressInfo).port });
});
createInterface(process.stdin)
  .on('line', (line) => {
    const sorted = latenessMs.toSorted((a, b) => a - b);
    say({ event: 'delay', lateMs: sorted[sorted.length >> 1] ?? 0 });
    latenessMs = [];
    delayMs = Number(line);
  })
  .on('close', () => process.exit(0));
