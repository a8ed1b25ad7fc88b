/** The end of a connection on which the server may still speak: this side has ended, and the peer may end its own. */
import type { Engine } from '../client/engine.ts';
import type { ClientSocket } from '../sockets/sockets.ts';
import { Timeout } from '../time/timeout.ts';

/** So long the peer has, in ms; then the socket is closed. */
const CLOSE_MS = 2000;

export class OrderlyClose {
  readonly #engine: Engine;
  readonly #timeout: Timeout;
  readonly #over = Promise.withResolvers<void>();

  /** Half-closes. */
  constructor(engine: Engine, socket: ClientSocket) {
    this.#engine = engine;
    this.#timeout = new Timeout(() => socket.destroy());
    engine.wheel.arm(this.#timeout, engine.clock.now() + CLOSE_MS);
    socket.end();
  }

  /** Resolves when the descriptor is free. */
  get closed(): Promise<void> {
    return this.#over.promise;
  }

  /** The socket is closed. */
  finished(): void {
    this.#engine.wheel.remove(this.#timeout);
    this.#over.resolve();
  }
}
