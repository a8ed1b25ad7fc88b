import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { lockFolder } from '../../harness/results/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const LOCK_AND_STAY = `
  const { lockFolder } = await import(${JSON.stringify(new URL('../../harness/results/lock.ts', import.meta.url))});
  await lockFolder(${JSON.stringify(folder)});
  console.log('locked');
  process.stdin.resume();`;

describe('the lock of a folder', () => {
  it('is given again once it was given back', async () => {
    for (let time = 0; time < 2; time++) {
      await using lock = await lockFolder(folder);
      assert.ok(lock);
      await assert.rejects(lockFolder(folder), UnfitError);
    }
  });

  it('names the process that holds it, and is free once that was killed', async () => {
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', LOCK_AND_STAY], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await assert.rejects(
      lockFolder(folder),
      new RegExp(`process ${holder.pid}\\) is writing into ${folder}`),
    );
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await using lock = await lockFolder(folder);
    assert.ok(lock);
  });
});
