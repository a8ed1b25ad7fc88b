/** What goes over a connection without an exchange: messages that nobody waits for an answer to, in both directions. */
import type { ExchangeError } from '../../scenario/client.ts';
import { LooseMessages } from './loose-messages.ts';
import type { ClientSocket } from '../sockets/sockets.ts';
import type { Stopped } from '../client/stopped.ts';

export class OneWay {
  readonly #socket: ClientSocket;
  /** What has come. */
  readonly loose = new LooseMessages();
  /** Settles when the socket has room again, or never will. */
  #room: PromiseWithResolvers<void> | undefined;
  #stopped = false;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  /** Resolves when the socket has room again for more to be sent. @throws what closed it */
  room(): Promise<void> {
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** False where no more should be read until somebody has received what is there. */
  mayRead(): boolean {
    this.#stopped = this.loose.full;
    return !this.#stopped;
  }

  /** Reads on after a receiver has made room. */
  resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#socket.resume();
  }

  drained(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** No more will come. An orderly end is no error to who receives. */
  ended(why: ExchangeError | Stopped): void {
    this.loose.finish('kind' in why && why.kind === 'closed' ? undefined : why);
  }

  /** The socket is closed: nothing will be sent any more. */
  closed(why: ExchangeError | Stopped): void {
    this.#room?.reject(why);
    this.#room = undefined;
  }
}
