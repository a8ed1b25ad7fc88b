import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { sideBySide } from '../../harness/duet/launch/arrangement.ts';
import { canPin, coresOf, pin } from '../../harness/duet/launch/cores.ts';
import type { SideLoad } from '../../harness/duet/launch/side.ts';
import type { LoadBackend, LoadSpec } from '../../harness/load/backend.ts';
import type { LoadResult } from '../../harness/results/trial-result.ts';
import { Meeting } from '../../harness/duet/launch/meeting.ts';
import { arrange } from '../../harness/duet/subjects.ts';

describe('cores', () => {
  it('are read from the kernel’s list', () => {
    assert.deepEqual(coresOf('0-1'), [0, 1]);
    assert.deepEqual(coresOf('3'), [3]);
    assert.deepEqual(coresOf('0,2-4,9'), [0, 2, 3, 4, 9]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1 }), (cores) => {
        assert.deepEqual(coresOf(cores.join(',')), cores);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => coresOf(text).every((core) => Number.isInteger(core) && core >= 0)),
    );
  });

  it('keep a process with all its threads', async (t) => {
    if (!(await canPin())) return t.skip('taskset is not here');
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      const [core] = coresOf(
        /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '',
      );
      await pin([child.pid ?? 0], core ?? 0);
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      assert.match(status, new RegExp(`Cpus_allowed_list:\\s*${core}\\n`));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    // It has ended: nothing to keep anywhere, and no reason to fail.
    await pin([child.pid ?? 0], 0);
  });
});

describe('the arrangement of the arms', () => {
  const wish = { asked: 'side-by-side', cores: 2, canPin: true } as const;

  it('is side by side where there are two cores', () => {
    assert.equal(arrange(wish).arrangement, 'side-by-side');
    assert.equal(arrange({ ...wish, cores: 64 }).arrangement, 'side-by-side');
  });

  it('falls back to turns, and says why, with one core, without taskset, or where asked', () => {
    for (const [changed, says] of [
      [{ cores: 1 }, /one core only/],
      [{ canPin: false }, /taskset/],
      [{ asked: 'in-turn' }, /asked for/],
    ] as const) {
      const { arrangement, arrangedBecause } = arrange({ ...wish, ...changed });
      assert.equal(arrangement, 'in-turn');
      assert.match(arrangedBecause, says);
    }
  });
});

/** A process that waits until it is killed. */
async function idleProcess(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return child as ChildProcess & { readonly pid: number };
}

function coresOfProcess(pid: number | 'self'): number[] {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return coresOf(/Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '');
}

describe('arms side by side', () => {
  it('have a core each, for the server and its generator, and change it between slices', async (t) => {
    const [first, second] = coresOfProcess('self');
    if (first === undefined || second === undefined) return t.skip('there is one core only');
    if (!(await canPin())) return t.skip('taskset is not here');
    const children = await Promise.all([0, 1, 2, 3].map(idleProcess));
    const [baseServer, otherServer, ...generators] = children.map(({ pid }) => pid);
    const seen: { side: string; server: number[]; generator: number[] }[] = [];
    const armOf = (name: string, server: number, generator: number) => ({
      side: {
        pids: () => [server],
        async load(_: SideLoad, backend: LoadBackend, signal: AbortSignal) {
          await using fleet = await backend.acquire({} as LoadSpec, signal);
          await fleet.prepare();
          await fleet.run(signal);
          seen.push({ side: name, server: coresOfProcess(server), generator: coresOfProcess(generator) });
          return {};
        },
      },
      backend: idleBackend(generator),
    });
    try {
      const arms = {
        base: armOf('base', baseServer!, generators[0]!),
        other: armOf('other', otherServer!, generators[1]!),
      };
      await pin([baseServer!], first);
      await pin([otherServer!], second);
      const loaded = sideBySide(arms, [first, second], [0, 1]);
      for (const slice of [0, 1]) {
        seen.length = 0;
        await loaded({} as SideLoad, slice, new AbortController().signal);
        const ofBase: number = slice === 0 ? first : second;
        const ofOther: number = slice === 0 ? second : first;
        assert.deepEqual(
          seen.toSorted((a, b) => a.side.localeCompare(b.side)),
          [
            { side: 'base', server: [ofBase], generator: [ofBase] },
            { side: 'other', server: [ofOther], generator: [ofOther] },
          ],
        );
      }
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => once(child, 'exit')));
    }
  });
});

/** A generator that does nothing. */
function idleBackend(pid: number): LoadBackend {
  return {
    acquire: () =>
      Promise.resolve({
        pids: [pid],
        prepare: () => Promise.resolve(),
        run: () => Promise.resolve({} as LoadResult),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('a meeting of the two sides', () => {
  it('lets both go on when both have come, as often as they come', async () => {
    const meeting = new Meeting();
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round++) {
      const order: string[] = [];
      const first = meeting.arrive(signal).then(() => order.push('first'));
      await Promise.resolve();
      assert.deepEqual(order, []);
      await meeting.arrive(signal);
      await first;
      assert.deepEqual(order, ['first']);
    }
  });

  it('lets nobody wait for a side that failed, nor meet somebody who has left', async () => {
    const meeting = new Meeting();
    const failure = new AbortController();
    const waiting = meeting.arrive(failure.signal);
    failure.abort(new Error('the other side failed'));
    await assert.rejects(waiting, /other side failed/);
    const next = new AbortController();
    const alone = meeting.arrive(next.signal);
    next.abort(new Error('still alone'));
    await assert.rejects(alone, /still alone/);
  });
});
