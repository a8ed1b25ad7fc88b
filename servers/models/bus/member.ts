/** The worker's end of the bus, as its service uses it. */
import type { Bus, BusListener } from '../../services/api/bus.ts';
import type { Frame } from '../../wire/frame.ts';
import { Endpoint, record, RECORDS } from './endpoint.ts';
import type { WriteBytes } from './endpoint.ts';

export class BusMember implements Bus {
  readonly #hub: Endpoint;
  readonly #claims = new Map<number, (taken: boolean) => void>();
  #lastClaim = 0;
  #listener: BusListener | undefined;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(write: WriteBytes) {
    this.#hub = new Endpoint(write);
  }

  claim(name: string, answer: (taken: boolean) => void): void {
    this.#lastClaim += 1;
    this.#claims.set(this.#lastClaim, answer);
    this.#hub.send(record('claim', this.#lastClaim, Buffer.from(name)));
  }

  release(name: string): void {
    this.#hub.send(record('release', 0, Buffer.from(name)));
  }

  publish(message: Uint8Array): void | Promise<void> {
    this.#hub.send(record('publish', 0, message));
    if (!this.#hub.farBehind) return undefined;
    return (this.#room ??= Promise.withResolvers<void>()).promise;
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  /** Takes bytes from the hub. */
  receive(bytes: Buffer): void {
    if (this.#hub.receive(bytes, (frame) => this.#handle(frame))) this.#hub.acknowledge();
    if (this.#hub.farBehind) return;
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Sends the records of this turn. */
  flush(): void {
    this.#hub.flush();
  }

  #handle(frame: Frame): void {
    switch (frame.method) {
      case RECORDS.publish:
        this.#listener?.message(frame.body);
        break;
      case RECORDS.claimed:
        this.#listener?.claimed(frame.body.toString());
        break;
      case RECORDS.release:
        this.#listener?.released(frame.body.toString());
        break;
      case RECORDS.granted:
      case RECORDS.denied: {
        const answer = this.#claims.get(frame.callId);
        this.#claims.delete(frame.callId);
        answer?.(frame.method === RECORDS.granted);
        break;
      }
    }
  }
}
