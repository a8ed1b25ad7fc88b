/** Those who serve connections that the main process accepted: a pool, or one worker a connection. */
import type { Socket } from 'node:net';
import type { Outcome } from '../../services/api/connection.ts';
import type { Counters } from '../../services/api/service.ts';
import type { WorkerRow } from '../model.ts';

/** A connection on its way to a worker. */
export interface Arrival {
  readonly id: number;
  readonly socket: Socket;
}

export interface CrewEvents {
  /** Told once about every arrival that was placed. */
  ended(arrival: Arrival, outcome: Outcome, place: number): void;
  /** A worker may be free that was not, without a connection having ended. */
  vacancy(): void;
}

export interface Crew {
  readonly ready: Promise<void>;
  /** Gives a connection to a free worker; false when there is none. */
  place(arrival: Arrival, waitedMs: number): boolean;
  /** Lets workers finish up to the deadline and ends them. What they could not finish has ended when it returns. */
  stop(drainMs: number): Promise<Counters>;
  kill(): void;
  /** The rows of the statistics, given what each place served. */
  rows(served: ReadonlyMap<number, number>): WorkerRow[];
}
