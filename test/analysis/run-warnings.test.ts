import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { Warning, WarningCode } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import { failedCheck, fakeRun, fakeServer, type RunOptions } from './fixture.ts';

/** Six trials that spread a little, without an order. */
const CALM = [102, 99, 101, 98, 100, 103];
const calm = (repetition: number): number => CALM[(repetition - 1) % CALM.length] ?? 100;

function warnings(options: Partial<RunOptions>, run?: (run: Run) => Run): readonly Warning[] {
  const made = fakeRun({ measure: ({ repetition }) => ({ elapsedMs: calm(repetition) }), ...options });
  return summarise(run ? run(made) : made).warnings;
}

function only(code: WarningCode, found: readonly Warning[]): Warning {
  assert.deepEqual(
    found.map((warning) => warning.code),
    [code],
    found.map(({ message }) => message).join('\n'),
  );
  const [warning] = found;
  assert.ok(warning && warning.advice !== '');
  return warning;
}

describe('warnings about a run', () => {
  test('a quiet run of six trials a cell has none', () => {
    assert.deepEqual(warnings({}), []);
  });

  test('few trials: that there is no interval, and how often ranges deceive', () => {
    const found = only('few-trials', warnings({ trialsPerCell: 3 }));
    assert.match(found.message, /^All cells have fewer than 6 valid trials \(fewest: 3\)/);
    assert.match(found.message, /apart by chance in 10 % of cases/);
    assert.equal(found.cells, undefined);
  });

  test('trials that failed, with what the first said and where', () => {
    const found = warnings({
      trialsPerCell: 8,
      clients: [10, 20],
      measure: ({ repetition, clients }) =>
        clients === 20 && repetition > 6
          ? { failure: `it crashed in ${repetition}` }
          : { elapsedMs: calm(repetition) },
    });
    const warning = only('failed-trials', found);
    assert.match(
      warning.message,
      /^2 trials failed \(2 × load\)\. The first, loop with 20 clients: it crashed in 7/,
    );
    assert.deepEqual(warning.cells, [{ server: 'loop', scenario: 'session', clients: 20 }]);
  });

  test('a run that was aborted: how much is missing, and how to go on', () => {
    const found = warnings({
      manifest: { status: 'aborted' },
      trialsPerCell: 8,
      measure: ({ repetition }) => (repetition > 6 ? 'missing' : { elapsedMs: calm(repetition) }),
    });
    const warning = only('incomplete', found);
    assert.match(warning.message, /^The run was aborted: 2 of 8 trials did not take place/);
    assert.match(warning.advice, /--resume run-1/);
  });

  test('a generator at its limit is told from other reasons not to be valid', () => {
    const found = warnings({
      trialsPerCell: 8,
      measure: ({ repetition }) => ({
        elapsedMs: calm(repetition),
        checks:
          repetition === 7
            ? [failedCheck('generator-saturated')]
            : repetition === 8
              ? [failedCheck('littles-law')]
              : [],
      }),
    });
    assert.deepEqual(
      found.map(({ code }) => code),
      ['generator-limited', 'not-valid'],
    );
    assert.match(
      found[1]?.message ?? '',
      /^Little's law did not hold in 1 trial \(1 cell\).*The check littles-law failed\./,
    );
  });

  test('a full accept queue: whose latency that is', () => {
    const found = warnings({
      measure: ({ repetition }) => ({
        elapsedMs: calm(repetition),
        kernel: repetition === 2 ? { synRetransmits: 4, listenOverflows: 1 } : {},
      }),
    });
    const { message } = only('backlog', found);
    assert.match(
      message,
      /in 1 trial \(1 cell\): 1 overflow, 4 handshakes sent again .* backlog's, not the server's/,
    );
  });

  test('time that the hypervisor or other processes took, from a share of a core on', () => {
    const taken = (kernel: { stealMs?: number; foreignCpuMs?: number }) =>
      warnings({ measure: ({ repetition }) => ({ elapsedMs: calm(repetition), kernel }) });
    assert.match(only('steal', taken({ stealMs: 20 })).message, /at worst 20 % \(loop with 10 clients\)/);
    assert.match(only('foreign-load', taken({ foreignCpuMs: 30 })).message, /at worst 30 %/);
    assert.deepEqual(taken({ stealMs: 1, foreignCpuMs: 1 }), []);
  });

  test('what the kernel did not tell is named, and is no zero', () => {
    const found = warnings({
      measure: ({ repetition }) => ({
        elapsedMs: calm(repetition),
        unreadable: ['smaps_rollup'],
        kernel: { stealMs: null, unreadable: ['stealMs'] },
      }),
    });
    assert.match(only('unreadable', found).message, /in 6 trials \(1 cell\): smaps_rollup and stealMs\./);
  });

  test('sampling that slowed down: from what to what', () => {
    const found = warnings({
      measure: ({ repetition }) => ({ elapsedMs: calm(repetition), periodMs: repetition === 3 ? 80 : 20 }),
    });
    assert.match(only('sampling', found).message, /in 1 trial \(1 cell\), from every 20 ms to every 80 ms/);
  });

  test('CPU time that may be missing: how much at most', () => {
    const found = warnings({
      measure: ({ repetition }) => ({
        elapsedMs: calm(repetition),
        cpuNs: 1e9,
        cpuMissingNs: repetition === 3 ? 4e8 : 1e7,
      }),
    });
    assert.match(
      only('cpu-missing', found).message,
      /a lower bound in 1 trial \(1 cell\).* up to 400 ms is missing/,
    );
  });

  test('figures that are not resolved: which, where and why', () => {
    const found = warnings({
      clients: [10, 20],
      measure: ({ repetition }) => ({ elapsedMs: calm(repetition), holdPssBytes: 40e6 }),
    });
    assert.equal(
      only('not-resolved', found).message,
      'Memory per connection in 2 cells (the first, loop with 10 clients: 10 connections added less than a page a process (4 KiB)).',
    );
  });

  test('a cell whose figure rises with every trial drifts, and so does a run of such cells', () => {
    const found = warnings({
      clients: [10, 20],
      servers: [fakeServer('a'), fakeServer('b')],
      trialsPerCell: 8,
      measure: ({ index }) => ({ elapsedMs: 100 + index / 4 }),
    });
    assert.deepEqual(
      found.map(({ code }) => code),
      ['drift', 'drift'],
    );
    assert.match(found[0]?.message ?? '', /^Over run run-1 the headline rose by 7\.\d %/);
    assert.match(found[1]?.message ?? '', /trials of 4 of 4 cells/);
  });

  test('a single cell among thirty that seems to drift is no more than chance', () => {
    const clients = Array.from({ length: 30 }, (_, i) => i + 1);
    const found = warnings({
      clients,
      measure: ({ repetition, clients: level }) => ({
        elapsedMs: level === 15 ? 100 + repetition : calm(repetition),
      }),
    });
    assert.deepEqual(found, []);
  });

  test('a cell whose trials spread widely is unstable', () => {
    const wild = [100, 140, 90, 160, 80, 120];
    const found = warnings({ measure: ({ repetition }) => ({ elapsedMs: wild[repetition - 1] ?? 100 }) });
    assert.match(only('unstable', found).message, /± 10 % .* at most ± 36 % \(loop with 10 clients\)/);
  });

  test('a generator without descriptors or ports is not the fault of the server', () => {
    const found = warnings({
      measure: ({ repetition }) => ({ elapsedMs: calm(repetition), errors: { descriptors: 2, ports: 1 } }),
    });
    assert.deepEqual(
      found.map(({ code }) => code),
      ['file-limit', 'generator-limited'],
    );
    assert.match(found[0]?.message ?? '', /ran out of descriptors 12 times/);
  });

  test('exchanges that failed are told by server, the largest share first: kind, count, share and first words', () => {
    const found = warnings({
      servers: [fakeServer('good'), fakeServer('bad'), fakeServer('worse')],
      measure: ({ repetition, server }) => ({
        elapsedMs: calm(repetition),
        exchanges: server === 'worse' ? 50 : 99,
        ...(server === 'good' ? {} : { errors: { '5xx': server === 'bad' ? 1 : 50, patience: 3 } }),
        ...(server === 'bad' ? { firstErrors: [{ kind: '5xx', message: '503 Service Unavailable' }] } : {}),
      }),
    }).filter(({ code }) => code === 'failed-exchanges');
    assert.deepEqual(
      found.map(({ message }) => message),
      [
        'worse: 300 of 618 exchanges failed (48.5 %; 5xx 300), in 1 cell.',
        'bad: 6 of 618 exchanges failed (0.971 %; 5xx 6), in 1 cell. The first (5xx): 503 Service Unavailable.',
      ],
    );
  });

  test('connections that a server closes after its answers are counted, and are no errors', () => {
    const found = warnings({
      measure: ({ repetition }) => ({ elapsedMs: calm(repetition), counters: { reconnects: 100 } }),
    });
    assert.match(
      only('reconnected', found).message,
      /^loop closed .*: 600 connections made again for 600 answers/,
    );
  });

  test('a run in which no exchange was completed says so first, with the first error', () => {
    const nothing = warnings({
      measure: ({ repetition }) => ({
        elapsedMs: calm(repetition),
        exchanges: 0,
        lost: 10,
        errors: { patience: 10 },
        firstErrors: [{ kind: 'patience', message: 'no answer in time' }],
      }),
    });
    assert.equal(nothing[0]?.code, 'nothing-completed');
    assert.match(
      nothing[0]?.message ?? '',
      /of 60 attempted\. The first error \(patience\): no answer in time\.$/,
    );
    const failed = warnings({ measure: () => ({ failure: 'it crashed' }) });
    assert.equal(failed[0]?.code, 'nothing-completed');
  });

  test('a governor that follows the load is warned about', () => {
    const withGovernor = (governor: string | null) =>
      warnings({}, (run) => ({
        ...run,
        environment: { ...run.environment, state: { ...run.environment.state, governor } },
      }));
    assert.match(only('governor', withGovernor('schedutil')).message, /"schedutil"/);
    assert.deepEqual(withGovernor('performance'), []);
    assert.deepEqual(withGovernor(null), []);
  });
});
