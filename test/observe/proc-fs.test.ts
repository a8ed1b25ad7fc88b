import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProcFs } from '../../harness/observe/proc-fs.ts';
import { Child } from './fixtures/child.ts';
import { FakeKernelFiles } from './fixtures/fake-kernel-files.ts';

const MODULE = new URL('../../harness/observe/proc-fs.ts', import.meta.url).href;

describe('the reader of kernel files', () => {
  test('reads files of any length, whole or their beginning', () => {
    using kernel = new FakeKernelFiles();
    const content = Buffer.alloc(1_000_000, 'holdfast ');
    kernel.write('big', content);
    assert.deepEqual(kernel.files.read('big'), content);
    assert.deepEqual(kernel.files.read('big', 100_000), content.subarray(0, 100_000));
  });

  test('says why there is nothing', () => {
    using kernel = new FakeKernelFiles();
    assert.deepEqual(kernel.files.read('10/stat'), { unreadable: 'absent', what: `${kernel.root}/10/stat` });
    assert.deepEqual(kernel.files.link('10/exe'), { unreadable: 'absent', what: `${kernel.root}/10/exe` });
    assert.deepEqual(kernel.files.list('10/fd'), { unreadable: 'absent', what: `${kernel.root}/10/fd` });
  });

  test('does not take a lack of descriptors for a file that is gone', async () => {
    const script = `
      const { ProcFs } = await import('${MODULE}');
      const { openSync } = await import('node:fs');
      try { for (;;) openSync('/dev/null'); } catch {}
      process.stdout.write(JSON.stringify(new ProcFs().read('self/stat')) + '\\n');`;
    const command = ['/bin/sh', '-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath];
    await using poor = new Child([...command, '--input-type=module', '-e', script]);
    assert.deepEqual(JSON.parse(await poor.line()), { unreadable: 'exhausted', what: '/proc/self/stat' });
  });

  test('holds no more files open than it may, and a closed one gives way to another', () => {
    using kernel = new FakeKernelFiles();
    kernel.write('a', '1\n');
    const files = new ProcFs(kernel.root, 1);
    const first = files.open('a');
    assert.ok(first !== undefined);
    assert.equal(files.open('a'), undefined);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    using second = files.open('a');
    assert.ok(second !== undefined);
    assert.equal(files.open('a'), undefined);
  });

  test('reads what is new through a file that it holds open, and knows when its process has ended', async () => {
    const files = new ProcFs('/proc', 1);
    const buffer = Buffer.alloc(4096);
    const child = new Child(['/bin/sh', '-c', 'read line']);
    using handle = files.open(`${child.pid}/stat`);
    assert.ok(Buffer.isBuffer(handle?.read(buffer)));
    await child[Symbol.asyncDispose]();
    assert.deepEqual(handle?.read(buffer), { unreadable: 'absent', what: `/proc/${child.pid}/stat` });
  });
});
