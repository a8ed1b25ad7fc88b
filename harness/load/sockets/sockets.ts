/** The TCP connections of the load engine, independent of the implementation. */
import type { SocketKind } from '../../results/schema/load.ts';

/** The owner of a socket. Times are CLOCK_MONOTONIC in ms. */
export interface SocketOwner {
  onConnected(nowMs: number): void;
  /** `bytes[start, end)` arrived at `nowMs`; valid only during the call. False pauses reading until `resume()`. */
  onBytes(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean;
  /** The kernel has accepted all pending bytes. */
  onDrained(): void;
  onSocketError(error: Error): void;
  /** The socket is closed, by either side; called once. */
  onSocketClosed(): void;
}

export interface ClientSocket {
  readonly destroyed: boolean;
  /** Bytes that the kernel has not accepted yet. */
  readonly pendingBytes: number;
  /** Sends by the end of this turn of the event loop. `bytes` must not change until they are sent. */
  post(bytes: Uint8Array): void;
  /** Sends at once. False: wait for `onDrained` before sending more. */
  send(bytes: Uint8Array): boolean;
  /** Resumes reading. */
  resume(): void;
  /** Half-closes after the pending bytes are sent. */
  end(): void;
  /** Frees the descriptor at once. */
  destroy(): void;
}

/** All sockets of one generator; disposing of it closes those that remain. */
export interface ClientSockets extends Disposable {
  readonly kind: SocketKind;
  /**
   * Starts to connect; the owner is told the result, never during the call.
   *
   * @param source numeric address to come from; '': the kernel chooses
   */
  connect(owner: SocketOwner, host: string, port: number, source: string): ClientSocket;
  /**
   * Calls `fn` once, `ms` from now, as exactly as these sockets can, and sends together what it posts. One call waits at
   * a time. Returns what cancels it.
   */
  after(ms: number, fn: () => void): () => void;
}
