/** What stands on either side of a connection: who asks on it, and where it goes. */
import type { ErrorKind, Framing } from '../../scenario/client.ts';

/** Who waits for the one answer that is under way on a connection. */
export interface Asker {
  /** True where requests are sent at set times: service time is recorded beside latency. */
  readonly openLoop: boolean;
  /** Looks at the whole answer, valid only during the call. False: it is not what had to come back. */
  take(bytes: Uint8Array, start: number, end: number): boolean;
  /** The answer was right, and has been counted. */
  answered(nowMs: number): void;
  /** The exchange has failed, and has been counted; or the load was stopped. */
  failed(error: Error): void;
  /** A pause is over. */
  resumed(nowMs: number): void;
}

/** Where a connection goes and how it speaks. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
}

/** How long to wait, and which kind of error it is when the time is over. */
export interface Limit {
  readonly ms: number;
  readonly kind: ErrorKind;
}
