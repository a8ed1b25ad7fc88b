/**
 * The centre of the bus, in the main process: forwards what one worker publishes to all others, and decides who gets
 * a name. It reads no message.
 */
import type { Frame } from '../../wire/frame.ts';
import { Endpoint, record, RECORDS } from './endpoint.ts';
import type { WriteBytes } from './endpoint.ts';

export class BusHub {
  readonly #workers = new Set<Endpoint>();
  readonly #holders = new Map<string, Endpoint>();
  /** Workers whose acknowledgement is withheld, which slows them down, while some worker is far behind. */
  readonly #heldBack = new Set<Endpoint>();

  /** Connects a worker and tells it the names that are held. */
  attach(write: WriteBytes) {
    const worker = new Endpoint(write);
    for (const name of this.#holders.keys()) worker.send(record('claimed', 0, Buffer.from(name)));
    this.#workers.add(worker);
    return {
      receive: (bytes: Buffer): void => {
        const due = worker.receive(bytes, (frame) => this.#handle(worker, frame));
        if (due) this.#heldBack.add(worker);
        this.#acknowledge();
      },
      /** The worker has ended: its names are free. */
      detach: (): void => {
        this.#workers.delete(worker);
        this.#heldBack.delete(worker);
        for (const [name, holder] of this.#holders) {
          if (holder === worker) this.#free(worker, name);
        }
        this.#acknowledge();
      },
    };
  }

  #handle(worker: Endpoint, frame: Frame): void {
    switch (frame.method) {
      case RECORDS.publish:
        this.#tellOthers(worker, frame.bytes);
        break;
      case RECORDS.claim: {
        const name = frame.body.toString();
        const free = !this.#holders.has(name);
        worker.send(record(free ? 'granted' : 'denied', frame.callId));
        if (!free) break;
        this.#holders.set(name, worker);
        this.#tellOthers(worker, record('claimed', 0, frame.body));
        break;
      }
      case RECORDS.release: {
        const name = frame.body.toString();
        if (this.#holders.get(name) === worker) this.#free(worker, name);
        break;
      }
    }
  }

  #free(worker: Endpoint, name: string): void {
    this.#holders.delete(name);
    this.#tellOthers(worker, record('release', 0, Buffer.from(name)));
  }

  #tellOthers(worker: Endpoint, frame: Uint8Array): void {
    for (const other of this.#workers) if (other !== worker) other.send(frame);
  }

  #acknowledge(): void {
    if (this.#heldBack.size === 0) return;
    for (const worker of this.#workers) if (worker.farBehind) return;
    for (const worker of this.#heldBack) worker.acknowledge();
    this.#heldBack.clear();
  }
}
