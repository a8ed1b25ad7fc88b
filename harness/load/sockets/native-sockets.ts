/**
 * Sockets of the addon: one call per turn delivers the events of all sockets, and one call back sends their output,
 * where node:net makes several calls per message.
 */
import { getSystemErrorName } from 'node:util';
import { ENTRY_NUMBERS, EVENT, EVENT_NUMBERS, STATE, type Addon, type NativeHandle } from './addon.ts';
import type { ClientSocket, ClientSockets, SocketOwner } from './sockets.ts';

/** Most events of one turn; sockets.c may deliver fewer. */
const EVENTS = 64;
/** Most messages sent together. */
const ENTRIES = 64;
const BUFFER_BYTES = 262_144;

export class NativeSockets implements ClientSockets {
  readonly kind = 'native';
  readonly handle: NativeHandle;
  readonly #bySlot: (NativeSocket | undefined)[] = [];
  readonly #events = new Int32Array(EVENTS * EVENT_NUMBERS);
  readonly #times = new Float64Array(EVENTS);
  readonly #input = new Uint8Array(BUFFER_BYTES);
  readonly #output = new Uint8Array(BUFFER_BYTES);
  readonly #outbox = new Int32Array(ENTRIES * ENTRY_NUMBERS);
  readonly #state = new Int32Array(2);
  #outputUsed = 0;
  #onWake: (() => void) | undefined;
  readonly #cancelWake = (): void => {
    this.#onWake = undefined;
    this.handle.wakeIn(0);
  };
  /** Counts turns, so that events of a closed socket never reach a new one in the same slot. */
  #turn = 0;

  constructor(addon: Addon) {
    const buffers = [this.#input, this.#output, this.#outbox, this.#state] as const;
    this.handle = addon.open((count) => this.#onTurn(count), this.#events, this.#times, ...buffers);
  }

  connect(owner: SocketOwner, host: string, port: number, source: string): ClientSocket {
    const slot = this.handle.connect(host, port, source);
    const socket = new NativeSocket(this, owner, slot, this.#turn);
    if (slot >= 0) {
      this.#bySlot[slot] = socket;
    } else {
      queueMicrotask(() => {
        if (!socket.destroyed) owner.onSocketError(systemError('connect', -slot, `${host}:${port}`));
      });
    }
    return socket;
  }

  /** The kernel's timer knows nanoseconds. It is an event of a turn, at whose end everything is sent. */
  after(ms: number, fn: () => void): () => void {
    this.#onWake = fn;
    this.handle.wakeIn(Math.max(1, Math.ceil(ms * 1000)));
    return this.#cancelWake;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#bySlot) socket?.destroy();
    this.handle.dispose();
  }

  /** Sends at the end of the turn, or at once outside of one. */
  post(slot: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BUFFER_BYTES) {
      this.#enqueue(slot, bytes.length > BUFFER_BYTES ? bytes.subarray(at, at + BUFFER_BYTES) : bytes);
    }
    if (this.#state[STATE.inTurn] === 0) this.flush();
  }

  flush(): void {
    if (this.#state[STATE.queued] !== 0) this.handle.flush();
  }

  close(slot: number): void {
    this.flush();
    this.#bySlot[slot] = undefined;
    this.handle.close(slot);
  }

  #enqueue(slot: number, bytes: Uint8Array): void {
    const state = this.#state;
    let queued = state[STATE.queued] as number;
    if (queued === 0) this.#outputUsed = 0;
    if (queued === ENTRIES || this.#outputUsed + bytes.length > BUFFER_BYTES) {
      this.flush();
      queued = 0;
      this.#outputUsed = 0;
    }
    const entry = queued * ENTRY_NUMBERS;
    this.#output.set(bytes, this.#outputUsed);
    this.#outbox[entry] = slot;
    this.#outbox[entry + 1] = this.#outputUsed;
    this.#outbox[entry + 2] = bytes.length;
    state[STATE.queued] = queued + 1;
    this.#outputUsed += bytes.length;
  }

  #wake(): void {
    const onWake = this.#onWake;
    this.#onWake = undefined;
    onWake?.();
  }

  #onTurn(count: number): void {
    const turn = ++this.#turn;
    const events = this.#events;
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_NUMBERS;
      const slot = events[at] as number;
      if (slot < 0) {
        this.#wake();
        continue;
      }
      const socket = this.#bySlot[slot];
      if (socket === undefined || socket.bornIn === turn) continue;
      const value = events[at + 2] as number;
      const nowMs = this.#times[i] as number;
      if (events[at + 1] === EVENT.bytes) {
        const start = events[at + 3] as number;
        socket.came(this.#input, start, start + value, nowMs);
      } else {
        socket.happened(events[at + 1] as number, value, nowMs);
      }
    }
  }
}

class NativeSocket implements ClientSocket {
  readonly #sockets: NativeSockets;
  readonly #owner: SocketOwner;
  readonly bornIn: number;
  /** Negative before the connection is opened and after it is closed. */
  #slot: number;
  #connected = false;
  destroyed = false;

  constructor(sockets: NativeSockets, owner: SocketOwner, slot: number, turn: number) {
    this.#sockets = sockets;
    this.#owner = owner;
    this.#slot = slot;
    this.bornIn = turn;
  }

  get pendingBytes(): number {
    this.#sockets.flush();
    return this.#slot < 0 ? 0 : this.#sockets.handle.pending(this.#slot);
  }

  post(bytes: Uint8Array): void {
    if (this.#slot >= 0) this.#sockets.post(this.#slot, bytes);
  }

  send(bytes: Uint8Array): boolean {
    this.post(bytes);
    return this.pendingBytes === 0;
  }

  resume(): void {
    if (this.#slot >= 0) this.#sockets.handle.setReading(this.#slot, 1);
  }

  end(): void {
    if (this.#slot < 0) return;
    this.#sockets.flush();
    this.#sockets.handle.end(this.#slot);
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    const slot = this.#slot;
    this.#slot = -1;
    if (slot >= 0) this.#sockets.close(slot);
    this.#owner.onSocketClosed();
  }

  came(bytes: Uint8Array, start: number, end: number, nowMs: number): void {
    const more = this.#owner.onBytes(bytes, start, end, nowMs);
    if (!more && this.#slot >= 0) this.#sockets.handle.setReading(this.#slot, 0);
  }

  happened(kind: number, value: number, nowMs: number): void {
    switch (kind) {
      case EVENT.connected:
        this.#connected = true;
        this.#owner.onConnected(nowMs);
        break;
      case EVENT.drained:
        this.#owner.onDrained();
        break;
      case EVENT.ended:
        this.destroy();
        break;
      case EVENT.failed:
        this.#owner.onSocketError(systemError(this.#connected ? 'read' : 'connect', value));
        // The owner has closed the socket or ignores its end: nothing else will happen on it.
        this.destroy();
        break;
    }
  }
}

/** An error as node:net makes them. */
function systemError(syscall: string, errno: number, where = ''): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${syscall} ${code} ${where}`.trimEnd()), { code, errno: -errno, syscall });
}
