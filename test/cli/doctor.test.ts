import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../harness/doctor/finding.ts';
import { holdfast, start } from './holdfast.ts';
import { markedProcesses } from './marked.ts';

describe('holdfast doctor', { concurrency: 2 }, () => {
  it('--quick looks at the machine: a table of at most 80 columns, and exit code 3 exactly where it is unfit', async () => {
    const { exitCode, stdout, stderr } = await holdfast('doctor', '--quick');
    assert.match(stdout, /^open-files +(ok|warn|UNFIT) /m);
    assert.match(stdout, /^(Fit|Not fit) to measure/m);
    assert.equal(exitCode, /UNFIT/.test(stdout) ? 3 : 0);
    assert.equal(stderr, 'examining the machine …\n');
    for (const line of stdout.split('\n')) assert.ok(Array.from(line).length <= 80, line);
  });

  it('--format json says the same for a script, and --quiet leaves stderr empty', async () => {
    const { exitCode, stdout, stderr } = await holdfast('doctor', '--quick', '--quiet', '--format', 'json');
    const { fit, findings } = JSON.parse(stdout) as { fit: boolean; findings: readonly Finding[] };
    assert.equal(exitCode, fit ? 0 : 3);
    assert.equal(
      fit,
      findings.every(({ status }) => status !== 'fail'),
    );
    assert.equal(new Set(findings.map(({ id }) => id)).size, 15);
    assert.equal(stderr, '');
  });

  for (const moment of ['the machine', 'what one generator can do']) {
    it(`stops at once on SIGINT while it examines ${moment}, and leaves no server behind`, async () => {
      const running = start('doctor');
      await running.sees(new RegExp(`examining ${moment}`));
      running.process.kill('SIGINT');
      const { exitCode, stderr } = await running.finished;
      assert.equal(exitCode, 130, stderr);
      assert.doesNotMatch(stderr, /\n {4}at /, 'a stack trace is no message');
      assert.deepEqual(markedProcesses(`${running.process.pid}-`), []);
    });
  }
});
