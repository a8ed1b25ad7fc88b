/** What Holdfast says of its own faults, and of streams that nobody reads or that cannot be written. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../harness/main.ts', import.meta.url));

function shell(
  script: string,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', script],
      { env: { ...process.env, NODE: process.execPath, MAIN } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('a defect', () => {
  it('is one sentence with a file that holds the rest, and an exit code of its own', async () => {
    const defect = `data:text/javascript,setTimeout(() => { throw new TypeError('x is not y') })`;
    const { code, stderr } = await shell(`"$NODE" --import "${defect}" "$MAIN" list > /dev/null`);
    assert.equal(code, 70, stderr);
    assert.match(stderr, /^holdfast: a defect of Holdfast itself ended this command: x is not y\. .*\n$/);
    const path = /Please report it with (\S+);/.exec(stderr)?.[1] ?? '';
    assert.match(readFileSync(path, 'utf8'), /command line: \["list"\]\nTypeError: x is not y\n {4}at /);
    rmSync(dirname(path), { recursive: true });
  });
});

describe('standard output', () => {
  it('may be closed by who reads it', async () => {
    // The reader has gone long before anything is written.
    const { stderr } = await shell(`{ "$NODE" "$MAIN" list; echo "exit code $?" >&2; } | true`);
    assert.equal(stderr, 'exit code 0\n');
  });

  it('is an error where it cannot be written', async (t) => {
    if (!existsSync('/dev/full')) return t.skip('no /dev/full on this system');
    const { code, stderr } = await shell(`"$NODE" "$MAIN" list > /dev/full`);
    assert.equal(code, 3);
    assert.match(stderr, /^holdfast: Cannot write the result to standard output: .*no space left/i);
  });
});
