/**
 * Records the run from which the golden report is drawn: `node test/reports/recorded/record.ts`, about half a minute. Run
 * it again when what a trial stores has changed, then renew the golden files. Servers that lose clients, fail exchanges
 * and do not start are in it, as reports have to show them. Names and paths of this machine are replaced.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../../harness/results/files.ts';
import { EXAMPLE_ENVIRONMENT } from '../../observe/environment-fixture.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = join(import.meta.dirname, 'run');

const ARGUMENTS = [
  'bench',
  ...['--servers', 'ts-loop,ts-prethread-queue,ts-iterative'],
  ...['--command', 'faulty=node test/reports/recorded/faulty-server.ts {port}'],
  ...['--command', 'broken=node test/reports/recorded/faulty-server.ts {port} broken'],
  ...['--clients', '1,8,40', '--trials', '3', '--seed', '7', '--workers', '8'],
  ...['--set', 'exchanges=5', '--set', 'think=2ms', '--set', 'patience=200ms'],
];

/** Replaces texts of this machine, and takes off the checksums of lines that are no longer what they were. */
function scrubbed(text: string): string {
  const neutral = text.replaceAll(ROOT, './').replaceAll(process.execPath, 'node');
  return neutral.replaceAll(/,"crc32":"[0-9a-f]{8}"\}$/gm, '}');
}

using folder = mkdtempDisposableSync(join(tmpdir(), 'recorded-'));
try {
  execFileSync(process.execPath, [join(ROOT, 'harness/main.ts'), ...ARGUMENTS, '--out', folder.path], {
    cwd: ROOT,
    stdio: 'inherit',
  });
} catch (error) {
  // Trials that failed are part of it, and say so by the exit code.
  if (!(error instanceof Error) || !('status' in error) || error.status !== 1) throw error;
}
const read = (name: string): string => readFileSync(join(folder.path, 'latest', name), 'utf8');
const plan = scrubbed(read('plan.json'));
const manifest = JSON.parse(scrubbed(read('run.json'))) as Record<string, unknown>;
const files = {
  'plan.json': plan,
  'trials.jsonl': scrubbed(read('trials.jsonl')),
  'environment.json': `${JSON.stringify(EXAMPLE_ENVIRONMENT, null, 2)}\n`,
  'run.json': `${JSON.stringify({ ...manifest, planHash: sha256(plan), commandLine: ['npx', 'holdfast', ...ARGUMENTS] }, null, 2)}\n`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(HERE, name), text);
