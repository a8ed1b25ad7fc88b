/** The report's sentences about the run itself: size, counts, warnings, environment, method, time. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import { formatDuration } from '../../harness/scenario/duration.ts';
import type { Summary, Warning, WarningCode } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import type { TimeSpent } from '../../harness/results/schema/run.ts';
import type { TrialFailure, TrialResult } from '../../harness/results/schema/trial.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { Fact, ReportView, VerdictView, WarningView } from './view.ts';

/** Date, machine and size of the run in one line. */
export function subtitleOf(run: Run): string {
  const { identity } = run.environment;
  const machine = [identity['cpuModel'], identity['kernel'] ? `Linux ${identity['kernel']}` : null];
  const date = run.manifest.startedAt.slice(0, 16).replace('T', ' ');
  const { servers, scenarios, clients, trialsPerCell } = run.plan;
  const [first, last] = [clients[0] ?? 0, clients.at(-1) ?? 0];
  const range = first === last ? counted(first, 'client') : `${first} to ${counted(last, 'client')}`;
  const size = `${counted(servers.length, 'server')}, ${counted(scenarios.length, 'scenario')}, ${range}, ${counted(trialsPerCell, 'trial')} a cell`;
  return [`${date} UTC`, ...machine, size].filter(Boolean).join(' · ');
}

/** Trial counts in one line; what is zero is not mentioned. */
export function countsOf(summary: Summary, status: Run['manifest']['status']): string {
  const { planned, completed, failed, aborted, invalid } = summary.totals;
  const open = planned - completed - failed - aborted;
  const state =
    status === 'complete'
      ? ''
      : status === 'aborted'
        ? 'The run was stopped early. '
        : 'The run is not finished. ';
  const parts = [
    `${formatValue(completed, 'count')} of ${counted(planned, 'trial')} completed`,
    failed > 0 ? `${formatValue(failed, 'count')} failed` : '',
    aborted > 0 ? `${formatValue(aborted, 'count')} stopped` : '',
    open > 0 ? `${formatValue(open, 'count')} not run` : '',
    invalid > 0 ? `${formatValue(invalid, 'count')} not valid` : '',
  ].filter(Boolean);
  return `${state}${parts.join(', ')}.`;
}

/** The verdict by scenario: what is about the whole leads, then a sentence per server. */
export function verdictsOf(run: Run, summary: Summary): VerdictView[] {
  const index = new Map(run.plan.servers.map(({ name }, i) => [name, i]));
  return run.plan.scenarios.map(({ id }, scenario) => {
    const sentences = summary.verdict.filter((sentence) => sentence.scenario === id);
    return {
      scenario,
      lead: sentences.filter((sentence) => sentence.server === undefined).map(({ text }) => text),
      servers: sentences.flatMap(({ server, text }) =>
        server === undefined ? [] : [{ server: index.get(server) ?? null, text }],
      ),
    };
  });
}

const WARNING_TITLES: Readonly<Record<WarningCode, string>> = {
  'few-trials': 'Few trials',
  'generator-limited': 'Limited by the generator',
  'not-valid': 'Not valid',
  steal: 'CPU time stolen',
  'foreign-load': 'Other load on the machine',
  backlog: 'Accept queue overflowed',
  drift: 'Drift during the run',
  unstable: 'Unstable',
  unreadable: 'Could not be read',
  'file-limit': 'Limit of open files',
  governor: 'CPU frequency governor',
  'failed-trials': 'Failed trials',
  'nothing-completed': 'Nothing completed',
  'failed-exchanges': 'Failed exchanges',
  reconnected: 'Connections made again',
  incomplete: 'Not complete',
  'left-out': 'Left out',
  sampling: 'Sampled more slowly',
  'cpu-missing': 'CPU time is a lower bound',
  'not-resolved': 'Not resolved',
};

export function warningView(warning: Warning): WarningView {
  return {
    title: WARNING_TITLES[warning.code] ?? warning.code,
    message: warning.message,
    advice: warning.advice,
    cells: (warning.cells ?? []).map(
      (cell) => `${cell.server} at ${counted(cell.clients, 'client')} (${cell.scenario})`,
    ),
  };
}

/** Trials that failed or were stopped; those of one cell that say the same stand together. */
export function failuresOf(trials: readonly TrialResult[]): ReportView['failures'] {
  const said = trials.flatMap((result) => {
    if (result.status === 'completed') return [];
    const { index, server, scenario, clients } = result.trial;
    const cell = `${server}, ${scenario}, ${counted(clients, 'client')}`;
    const what =
      result.status === 'aborted'
        ? { message: `stopped: ${result.reason}`, detail: '' }
        : { message: failureText(result.failure), detail: result.failure.stderrTail ?? '' };
    return [{ cell, index, ...what }];
  });
  // Each trial has a port of its own, which is no difference.
  const alike = (text: string): string => text.replaceAll(/\bport \d+/g, 'port');
  const groups = Map.groupBy(said, ({ cell, message, detail }) =>
    JSON.stringify([cell, alike(message), alike(detail)]),
  );
  return [...groups.values()].map((group) => {
    const [first] = group as [(typeof said)[number]];
    const numbers = group.map(({ index }) => index + 1);
    const which =
      numbers.length > 8 ? `${numbers.slice(0, 8).join(', ')} … (${numbers.length})` : numbers.join(', ');
    return {
      trial: `${first.cell}: trial${numbers.length > 1 ? 's' : ''} ${which}`,
      message: first.message,
      detail: first.detail,
    };
  });
}

function failureText({ kind, message, exitCode, signal }: TrialFailure): string {
  const how = [
    kind,
    exitCode === undefined ? '' : `exit code ${exitCode}`,
    signal === undefined ? '' : `signal ${signal}`,
  ].filter(Boolean);
  return `${message} (${how.join(', ')})`;
}

const TIMES: Readonly<Record<keyof TimeSpent, string>> = {
  spawnMs: 'starting servers',
  readyMs: 'waiting until they were ready',
  warmMs: 'warm-ups and warm loads',
  prepareMs: 'preparing clients',
  loadMs: 'load',
  stopMs: 'stopping servers',
  betweenMs: 'between trials',
  reportMs: 'summary and report',
  totalMs: 'total',
};

export function timeSpentOf(spent: TimeSpent | undefined): Fact[] {
  if (!spent) return [];
  return Object.entries(TIMES).flatMap(([key, name]) => {
    const ms = spent[key as keyof TimeSpent];
    if (ms === undefined) return [];
    const share =
      spent.totalMs > 0 && key !== 'totalMs' ? ` (${formatValue(ms / spent.totalMs, 'ratio')})` : '';
    return { name, value: `${formatDuration(ms)}${share}` };
  });
}

/** A fact in words, nested ones as `name=value`. */
function factText(value: unknown): string {
  if (value === null || value === undefined) return '– (could not be read)';
  if (Array.isArray(value)) return value.map(factText).join(', ');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (typeof value !== 'object') return typeof value;
  return Object.entries(value)
    .map(([name, inner]: [string, unknown]) => `${name}=${factText(inner)}`)
    .join(', ');
}

/** A fact of the environment by a name as people say it, its figure in the unit that the name ends with. */
function environmentFact(name: string, value: unknown): Fact {
  const [, stem = name, unit = ''] = /^(.*?)(Bytes|Ms|S)?$/.exec(name) ?? [];
  const words = stem.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const sizes: Readonly<Record<string, readonly [number, 'bytes' | 'ms']>> = {
    Bytes: [1, 'bytes'],
    Ms: [1, 'ms'],
    S: [1000, 'ms'],
  };
  const size = typeof value === 'number' ? sizes[unit] : undefined;
  return {
    name: words.replace(/^cpu/, 'CPU').replace(/\bmhz$/, 'MHz'),
    value: size ? formatValue(Number(value) * size[0], size[1]) : factText(value),
  };
}

/** Identity, state and provenance of the run. */
export function environmentOf(run: Run): ReportView['environment'] {
  const facts = (values: object): Fact[] =>
    Object.entries(values).map(([name, value]: [string, unknown]) => environmentFact(name, value));
  const { manifest, plan } = run;
  return [
    { title: 'Machine and software', facts: facts(run.environment.identity) },
    { title: 'State at the start', facts: facts(run.environment.state) },
    {
      title: 'This run',
      facts: [
        { name: 'run', value: manifest.id },
        { name: 'Holdfast', value: manifest.toolVersion },
        { name: 'seed', value: String(plan.seed) },
        { name: 'plan (SHA-256)', value: manifest.planHash },
        { name: 'lockfile (SHA-256)', value: manifest.lockfileHash ?? '–' },
        ...plan.servers.map(({ name }) => ({
          name: `${name} (SHA-256)`,
          value: manifest.serverHashes[name] ?? '–',
        })),
      ],
    },
    {
      title: 'Servers as started',
      facts: plan.servers.flatMap(({ name, commands }) =>
        Object.entries(commands).map(([scenario, command]) => ({
          name: `${name}, ${scenario}`,
          value: shellLine(command),
        })),
      ),
    },
  ];
}

/** A command as it can be pasted into a POSIX shell. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
