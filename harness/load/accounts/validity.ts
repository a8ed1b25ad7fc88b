/** Whether a load measured what it claims: pure functions of its result. A failed check marks a point, it never drops it. */
import type { Account, LoadResult } from '../../results/schema/load.ts';
import type { ValidityCheck } from '../../results/schema/trial.ts';

/** Largest deviation from Little's law, as a ratio. */
const LITTLES_LAW_LIMIT = 0.02;
/** Share of a core from which on a generator may itself be what limits the load. */
const SATURATION_LIMIT = 0.9;
/** Lateness of the event loop at its 99th percentile, in ms, from which on latencies are the generator's own. */
const LATENESS_LIMIT_MS = 10;
/**
 * Where clients come and go, the question is the elapsed time: as a share of it, the lateness that does not matter yet.
 * A server that starts a process for each connection keeps every core busy, and so its generator waiting.
 */
const LATENESS_SHARE = 0.05;
/** Least achieved share of an offered rate. */
const RATE_LIMIT = 0.98;

/** What is known of the scenario beforehand. */
export interface Claim {
  /** Every client holds its connection until the end (`Scenario.holds`). */
  readonly holds: boolean;
  /** Requests are due at so many a second over all clients; undefined in a closed loop. */
  readonly ratePerSecond?: number | undefined;
}

/** The checks that apply to a load of this kind. */
export function checkValidity(load: LoadResult, claim: Claim): readonly ValidityCheck[] {
  return [
    conservation(load),
    answers(load),
    ...(claim.holds && !madeAgain(load) && !isIdle(load, claim) ? [established(load)] : []),
    ...(claim.holds && !load.rate && claim.ratePerSecond === undefined ? littlesLaw(load) : []),
    ...offeredRate(load, claim),
    saturation(load),
    lateness(load, claim),
  ];
}

/** A check and what it says of itself where it holds, and otherwise. */
function check(
  id: ValidityCheck['id'],
  ok: boolean,
  { value, limit }: { readonly value: number; readonly limit: number },
  held: string,
  broken = held,
): ValidityCheck {
  return { id, ok, value, limit, message: ok ? held : broken };
}

/** attempted = completed + Σ errors + in flight, of connects and of exchanges; and every client came to one end. */
function conservation(load: LoadResult): ValidityCheck {
  const { asked, completed, lost, failed, stopped } = load.clients;
  const clients = asked - completed - lost - failed - stopped;
  const value =
    Math.abs(unaccounted(load.connects)) + Math.abs(unaccounted(load.exchanges)) + Math.abs(clients);
  return check(
    'conservation',
    value === 0,
    { value, limit: 0 },
    'Every attempt is accounted for.',
    `${value} connects, exchanges or clients are not accounted for: the figures of this trial cannot be trusted.`,
  );
}

/** A wrong answer, or one that nobody asked for: what such a server does is not what is measured. */
function answers({ exchanges, wrong = 0 }: LoadResult): ValidityCheck {
  const { mismatch = 0, protocol = 0 } = exchanges.errors;
  const value = mismatch + protocol + wrong;
  return check(
    'answers',
    value === 0,
    { value, limit: 0 },
    'Every answer was compared with what had to come back.',
    `${value} answers were not what had to come back (${mismatch + wrong} with wrong content, ${protocol} out of turn or no message at all): the server does not do what is measured.`,
  );
}

function unaccounted(account: Account): number {
  const errors = Object.values(account.errors).reduce((sum, count) => sum + count, 0);
  return account.attempted - account.completed - errors - account.inFlight;
}

/** A server that announces the end of its connections holds none; they are counted by themselves, and no exchange fails. */
function madeAgain({ counters }: LoadResult): boolean {
  return (counters['reconnects'] ?? 0) > 0;
}

/** Nobody had to ask anything, so that no connection was proven. */
function isIdle({ rate, exchanges }: LoadResult, { ratePerSecond }: Claim): boolean {
  return ratePerSecond !== undefined && !rate && exchanges.attempted === 0;
}

/** A connection counts from the first answer that the server gave on it: one that waits in a backlog is not held. */
function established({ peakEstablished: value, clients: { asked: limit } }: LoadResult): ValidityCheck {
  const message = `${value} of ${limit} clients were connected and served at the same time.`;
  return check('established', value >= limit, { value, limit }, message);
}

/**
 * Little's law, N = X·(R̄ + Z), as |X·(R̄ + Z)/N − 1| over the measured window (Little, 1961; in the form of
 * interactive systems: Denning and Buzen, 1978). X·R̄ and X·Z are the sums of response and think times over the window.
 */
function littlesLaw(load: LoadResult): readonly ValidityCheck[] {
  const { window, windowMs, clients } = load;
  if (!window || windowMs <= 0 || clients.asked === 0) return [];
  const share = (window.responseMs + window.thinkMs) / (clients.asked * windowMs);
  const value = Math.abs(share - 1);
  const percent = (share * 100).toFixed(1);
  return [
    check(
      'littles-law',
      value <= LITTLES_LAW_LIMIT,
      { value, limit: LITTLES_LAW_LIMIT },
      `Exchanges and think times account for ${percent} % of the clients' time (Little's law).`,
      `Exchanges and think times account for only ${percent} % of the clients' time: connections were lost, came late, or the generator could not keep up.`,
    ),
  ];
}

function offeredRate({ rate, windowMs }: LoadResult, { ratePerSecond }: Claim): readonly ValidityCheck[] {
  if (!rate) return ratePerSecond === undefined ? [] : [nothingDue(ratePerSecond, windowMs)];
  const { offeredPerSecond, achievedPerSecond } = rate;
  const value = offeredPerSecond > 0 ? achievedPerSecond / offeredPerSecond : 0;
  const message = `${achievedPerSecond.toFixed(0)} of ${offeredPerSecond.toFixed(0)} requests a second were achieved.`;
  return [check('offered-rate', value >= RATE_LIMIT, { value, limit: RATE_LIMIT }, message)];
}

/** A rate so low, or a window so short, that no request was due: there is nothing that the server could have done. */
function nothingDue(ratePerSecond: number, windowMs: number): ValidityCheck {
  const seconds = (windowMs / 1000).toPrecision(2);
  const message =
    `No request fell due in the measured ${seconds} s at a rate of ${ratePerSecond}/s: ` +
    'nothing was measured.';
  return check('nothing-due', false, { value: 0, limit: 1 }, message);
}

function saturation(load: LoadResult): ValidityCheck {
  const value = Math.max(0, ...load.generators.map((generator) => generator.coreShare));
  const used = `The busiest load generator used ${(value * 100).toFixed(0)} % of a core`;
  return check(
    'generator-saturated',
    value < SATURATION_LIMIT,
    { value, limit: SATURATION_LIMIT },
    `${used}.`,
    `${used}: the server may be able to do more than shown. Drive fewer clients, or let them think longer.`,
  );
}

function lateness(load: LoadResult, claim: Claim): ValidityCheck {
  const limit = Math.max(LATENESS_LIMIT_MS, claim.holds ? 0 : LATENESS_SHARE * load.elapsedMs);
  const value = Math.max(0, ...load.generators.map((generator) => generator.latenessP99Ms));
  const late = value.toFixed(1);
  return check(
    'generator-late',
    value <= limit,
    { value, limit },
    `The load generators' event loops ran at most ${late} ms late (99th percentile).`,
    `A load generator's event loop ran ${late} ms late (99th percentile): latencies below that are its own. Leave it a core.`,
  );
}
