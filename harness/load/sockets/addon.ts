/** The addon in C (native/). `make servers` builds it where there is a compiler. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Numbers for each event: slot, kind, value, offset (sockets.h). */
export const EVENT_NUMBERS = 4;
/** What an event of a connection can be (sockets.h). The timer's has slot −1. */
export const EVENT = { connected: 1, bytes: 2, ended: 3, failed: 4, drained: 5 } as const;
/** Numbers for each entry of the outbox: slot, offset in the output, length (addon.c). */
export const ENTRY_NUMBERS = 3;
/** Places in the state that both sides write (addon.c). */
export const STATE = { queued: 0, inTurn: 1 } as const;

/** Many connections on one epoll, which the event loop watches. A slot is reused after `close`. */
export interface NativeHandle {
  /** @returns the connection's slot, or a negative errno */
  connect(host: string, port: number, source: string): number;
  /** Sends what is in the outbox. */
  flush(): void;
  /** Bytes of a connection that the kernel has not accepted yet. */
  pending(slot: number): number;
  setReading(slot: number, reading: 0 | 1): void;
  end(slot: number): void;
  close(slot: number): void;
  /** An event of slot −1 comes in so many µs, up to 2³¹ − 1, in place of one that was asked for before; 0: none comes. */
  wakeIn(us: number): void;
  /** Closes every connection; further calls do nothing. */
  dispose(): void;
}

export interface Addon {
  /**
   * @param onTurn called with the number of events written into `events`, `times` (CLOCK_MONOTONIC, ms) and `input`;
   * what it writes to `output` and `outbox` is sent when it returns
   */
  open(
    onTurn: (count: number) => void,
    events: Int32Array,
    times: Float64Array,
    input: Uint8Array,
    output: Uint8Array,
    outbox: Int32Array,
    state: Int32Array,
  ): NativeHandle;
}

const PATH = fileURLToPath(new URL('../../../build/native/sockets.node', import.meta.url));

/** Undefined when the addon was not built, or not for this machine. */
export function loadAddon(): Addon | undefined {
  try {
    return createRequire(import.meta.url)(PATH) as Addon;
  } catch {
    return undefined;
  }
}
