/** The TCP connections of the load engine, whichever code carries them. */
import type { SocketKind } from '../../results/schema/load.ts';

/** Whose socket it is. Times are CLOCK_MONOTONIC in ms. */
export interface SocketOwner {
  onConnected(nowMs: number): void;
  /** `bytes[start, end)` came at `nowMs`; valid only during the call. False: read no more until `resume()`. */
  onBytes(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean;
  /** What the kernel had not taken at once is gone. */
  onDrained(): void;
  onSocketError(error: Error): void;
  /** The socket is closed, whoever closed it; told once. */
  onSocketClosed(): void;
}

export interface ClientSocket {
  readonly destroyed: boolean;
  /** Bytes that the kernel has not taken yet. */
  readonly pendingBytes: number;
  /** Sends, at the end of this turn of the event loop at the latest. `bytes` must stay as they are until they are sent. */
  post(bytes: Uint8Array): void;
  /** Sends at once. False where more should wait for `onDrained`, which follows. */
  send(bytes: Uint8Array): boolean;
  /** Reads again. */
  resume(): void;
  /** Ends this side, after what is pending. */
  end(): void;
  /** Frees the descriptor at once. */
  destroy(): void;
}

/** All sockets of one generator; disposing them closes those that are left. */
export interface ClientSockets extends Disposable {
  readonly kind: SocketKind;
  /** Starts an attempt; the owner is told how it ends, never during the call. */
  connect(owner: SocketOwner, host: string, port: number): ClientSocket;
  /** Runs `work`, which may send much: what it posts goes out together. */
  corked(work: () => void): void;
}
