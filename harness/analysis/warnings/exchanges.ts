/** What servers did with exchanges and connections other than to answer and to hold them. */
import type { Account } from '../../results/schema/load.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { failuresOf } from '../cells/faults.ts';
import { formatPercent } from '../text/format.ts';
import { counted, ended, listed } from '../text/phrases.ts';
import { keyOf } from './trial-warnings.ts';

/** What one server failed under one scenario. */
interface Failing {
  readonly server: string;
  readonly cells: readonly CellTrials[];
  readonly exchanges: Failed;
  readonly connects: Failed;
  /** The words of the first error, with its kind. */
  readonly first: string;
}

interface Failed {
  readonly attempted: number;
  readonly failed: number;
  readonly byKind: ReadonlyMap<string, number>;
}

/** So many servers have a warning of their own; the others share one. */
const MOST = 6;

/** One warning for each server that failed exchanges or connections, the largest share first. */
export function failedExchanges(cells: readonly CellTrials[]): Warning[] {
  const failing = [...Map.groupBy(cells, ({ server, scenario }) => `${scenario.id}\0${server.name}`).values()]
    .flatMap((own) => failingOf(own) ?? [])
    .toSorted((a, b) => worst(b) - worst(a));
  const [own, rest] = [failing.slice(0, MOST), failing.slice(MOST)];
  return [
    ...own.map((one) => warningOf(describe(one), one.cells)),
    ...(rest.length === 0
      ? []
      : [
          warningOf(
            `Exchanges or connections failed with ${counted(rest.length, 'more server')}: ${listed(rest.map(({ server }) => server))}.`,
            rest.flatMap((one) => one.cells),
          ),
        ]),
  ];
}

function warningOf(message: string, cells: readonly CellTrials[]): Warning {
  return {
    code: 'failed-exchanges',
    message,
    advice:
      'The figures there come from what was completed, and to fail can be cheaper than to answer: do not compare them with those of a server without errors.',
    cells: cells.map(keyOf),
  };
}

function failingOf(cells: readonly CellTrials[]): Failing | undefined {
  const hit = cells.filter(({ completed }) => completed.some(failsAnything));
  const [cell] = hit;
  if (!cell) return undefined;
  const trials = cells.flatMap(({ completed }) => completed);
  const [first] = trials
    .filter(failsAnything)
    .toSorted((a, b) => a.trial.index - b.trial.index)
    .flatMap(({ load }) => {
      const kinds = [...ofServer(load.exchanges), ...ofServer(load.connects)].map(([kind]) => kind);
      return load.firstErrors.filter(({ kind }) => kinds.includes(kind));
    });
  return {
    server: cell.server.name,
    cells: hit,
    exchanges: failedOf(trials.map(({ load }) => load.exchanges)),
    connects: failedOf(trials.map(({ load }) => load.connects)),
    first: first ? ` The first (${first.kind}): ${first.message}` : '',
  };
}

function failsAnything({ load }: CompletedTrial): boolean {
  return ofServer(load.exchanges).length + ofServer(load.connects).length > 0;
}

/** Errors by kind, but those of a generator that ran out of something, which have warnings of their own. */
function ofServer({ errors }: Account): ReturnType<typeof failuresOf> {
  return failuresOf(errors).filter(([kind]) => kind !== 'descriptors' && kind !== 'ports');
}

function failedOf(accounts: readonly Account[]): Failed {
  const byKind = new Map<string, number>();
  for (const account of accounts)
    for (const [kind, count] of ofServer(account)) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  return {
    attempted: accounts.reduce((sum, { attempted }) => sum + attempted, 0),
    failed: [...byKind.values()].reduce((sum, count) => sum + count, 0),
    byKind,
  };
}

function worst({ exchanges, connects }: Failing): number {
  return Math.max(
    ...[exchanges, connects].map(({ failed, attempted }) => (failed > 0 ? failed / attempted : 0)),
  );
}

function describe({ server, cells, exchanges, connects, first }: Failing): string {
  const part = ({ failed, attempted, byKind }: Failed, noun: string): string[] => {
    if (failed === 0) return [];
    const kinds = [...byKind].map(([kind, count]) => `${kind} ${count.toLocaleString('en')}`);
    return [
      `${failed.toLocaleString('en')} of ${counted(attempted, noun)} failed (${formatPercent(failed / attempted)}; ${kinds.join(', ')})`,
    ];
  };
  const what = [...part(exchanges, 'exchange'), ...part(connects, 'connection attempt')];
  return ended(`${server}: ${listed(what)}, in ${counted(cells.length, 'cell')}.${first}`);
}

/** Connections that the server closed, as it had said it would, so that they were made again. */
export function reconnected(cells: readonly CellTrials[]): Warning | undefined {
  const again = ({ load }: CompletedTrial) => load.counters[RECONNECTS] ?? 0;
  const hit = cells.filter(({ completed }) => completed.some((trial) => again(trial) > 0));
  if (hit.length === 0) return undefined;
  const trials = hit.flatMap(({ completed }) => completed);
  const sum = trials.reduce((total, trial) => total + again(trial), 0);
  const answers = trials.reduce((total, { load }) => total + load.exchanges.completed, 0);
  const servers = [...new Set(hit.map(({ server }) => server.name))];
  return {
    code: 'reconnected',
    message:
      `${listed(servers)} closed connections after an answer that said so (Connection: close): ${counted(sum, 'connection')} ` +
      `made again for ${counted(answers, 'answer')}, in ${counted(hit.length, 'cell')}.`,
    advice:
      'No exchange failed by it, but time and CPU there include making connections, and the connections were not held. Let the server keep them, or compare it with servers that close too.',
    cells: hit.map(keyOf),
  };
}

/** The counter of such connections. */
const RECONNECTS = 'reconnects';

/** Nothing was measured at all: every figure is missing or that of giving up. */
export function nothingCompleted(cells: readonly CellTrials[]): Warning | undefined {
  const results = cells.flatMap((cell) => cell.results);
  const loads = results.flatMap((result) =>
    result.status === 'aborted' || !result.load ? [] : [result.load],
  );
  if (results.every(({ status }) => status === 'aborted')) return undefined;
  if (loads.some(({ exchanges }) => exchanges.completed > 0)) return undefined;
  const attempted = loads.reduce((sum, { exchanges }) => sum + exchanges.attempted, 0);
  // A scenario of somebody's own may connect and hold, and exchange nothing.
  const valid = cells.flatMap((cell) => cell.valid);
  if (attempted === 0 && valid.some(({ load }) => load.connects.completed > 0)) return undefined;
  const [first] = loads.flatMap(({ firstErrors }) => firstErrors);
  const why = first ? ` The first error (${first.kind}): ${first.message}` : '';
  return {
    code: 'nothing-completed',
    message: ended(
      `No exchange was completed in any of ${counted(results.length, 'trial')}, of ${attempted.toLocaleString('en')} attempted.${why}`,
    ),
    advice:
      'Nothing here says how fast a server is. Try one client by hand (holdfast serve, nc), and see that the scenario speaks what the server understands.',
  };
}
