import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from '../property.ts';
import type { ArmName, Pair } from '../../harness/duet/launch/arm.ts';
import { sideBySide, type LoadArm } from '../../harness/duet/launch/arrangement.ts';
import { coresOf } from '../../harness/observe/parse/machine.ts';
import { canPin, moveToCores } from '../../harness/rig/cores.ts';
import {
  canExchange,
  EXCHANGE_PERIOD_MS,
  exchangeCores,
  stayOnCores,
} from '../../harness/duet/launch/keep.ts';
import type { Figures } from '../../harness/results/schema/duet-plan.ts';
import { arrange } from '../../harness/duet/planning/arrange.ts';
import { eventually } from '../waiting.ts';

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
      await moveToCores([child.pid ?? 0], String(core ?? 0));
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      assert.match(status, new RegExp(`Cpus_allowed_list:\\s*${core}\\n`));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    // It has ended: nothing to keep anywhere, and no reason to fail.
    await moveToCores([child.pid ?? 0], '0');
  });
});

describe('the arrangement of the arms', () => {
  const possible = { cores: 2, canPin: true, canExchange: true } as const;

  it('is a core for each where there are two, exchanged all the time', () => {
    assert.equal(arrange('exchange', possible).arrangement, 'exchange');
    assert.equal(arrange('exchange', { ...possible, cores: 64 }).arrangement, 'exchange');
  });

  it('has the cores exchanged between slices only where asked, or where the exchange is not built, and says how to get it', () => {
    assert.equal(arrange('side-by-side', possible).arrangement, 'side-by-side');
    const { arrangement, arrangedBecause } = arrange('exchange', { ...possible, canExchange: false });
    assert.equal(arrangement, 'side-by-side');
    assert.match(arrangedBecause, /make servers/);
  });

  it('falls back to turns, and says why, with one core, without taskset, or where asked', () => {
    for (const [asked, changed, says] of [
      ['exchange', { cores: 1 }, /only one core/],
      ['exchange', { canPin: false }, /taskset/],
      ['in-turn', {}, /as requested/],
    ] as const) {
      const { arrangement, arrangedBecause } = arrange(asked, { ...possible, ...changed });
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

/** The two cores of a test; undefined where there is one only, or nothing that keeps processes on them. */
async function twoCores(): Promise<readonly [number, number] | undefined> {
  const [first, second] = coresOfProcess('self');
  return first === undefined || second === undefined || !(await canPin()) ? undefined : [first, second];
}

async function killAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit');
      if (child.kill('SIGKILL')) await ended;
    }),
  );
}

describe('arms side by side', () => {
  it('have a core each, for the server and its generator, and change it between slices', async (t) => {
    const cores = await twoCores();
    if (!cores) return t.skip('there is one core only, or no taskset');
    const children = await Promise.all([0, 1, 2, 3].map(idleProcess));
    const [baseServer, headServer, ...generators] = children.map(({ pid }) => pid);
    const seen: { arm: string; server: number[]; generator: number[] }[] = [];
    const load = loadOf(
      {
        base: [baseServer!, generators[0]!],
        head: [headServer!, generators[1]!],
      },
      (name, [server, generator]) => {
        seen.push({ arm: name, server: coresOfProcess(server), generator: coresOfProcess(generator) });
        return {};
      },
    );
    try {
      const loaded = sideBySide(cores, [0, 1], stayOnCores);
      for (const slice of [0, 1]) {
        seen.length = 0;
        await loaded({ load, slice }, new AbortController().signal);
        const ofBase: number = cores[slice]!;
        const ofHead: number = cores[1 - slice]!;
        assert.deepEqual(
          seen.toSorted((a, b) => a.arm.localeCompare(b.arm)),
          [
            { arm: 'base', server: [ofBase], generator: [ofBase] },
            { arm: 'head', server: [ofHead], generator: [ofHead] },
          ],
        );
      }
    } finally {
      await killAll(children);
    }
  });

  it('are kept as it was asked for while they are loaded, and where they are while only their memory is taken', async (t) => {
    if (!(await canPin())) return t.skip('taskset is not here');
    const asked: unknown[] = [];
    let kept = 0;
    // Pids beyond what the kernel gives out: there is nobody to be moved.
    const first = 2 ** 30;
    const load = loadOf({ base: [first, first + 1], head: [first + 2, first + 3] }, () => ({ kept }));
    const loaded = sideBySide([0, 1], [1, 0], (groups, cores) => {
      asked.push({ groups, cores });
      kept += 1;
      return Promise.resolve({
        [Symbol.asyncDispose]: () => {
          kept -= 1;
          return Promise.resolve();
        },
      });
    });
    const { signal } = new AbortController();
    assert.deepEqual(await loaded({ load, slice: 0 }, signal), { base: { kept: 1 }, head: { kept: 1 } });
    assert.equal(kept, 0);
    const groups = [
      [first, first + 1],
      [first + 2, first + 3],
    ];
    assert.deepEqual(asked, [{ groups, cores: [1, 0] }]);
    assert.deepEqual(await loaded({ load, slice: 0, still: true }, signal), {
      base: { kept: 0 },
      head: { kept: 0 },
    });
  });
});

describe('the exchange of cores', () => {
  /** How often two processes were on a core each, the first on the first or on the second. */
  async function watch(one: number, other: number, cores: readonly [number, number]) {
    const seen = { straight: 0, exchanged: 0 };
    const until = performance.now() + 60_000;
    // Until both ways were seen often enough to be no accident.
    while (Math.min(seen.straight, seen.exchanged) < 20 && performance.now() < until) {
      await setTimeout(EXCHANGE_PERIOD_MS / 3);
      const [a, b] = [coresOfProcess(one), coresOfProcess(other)];
      if (a[0] !== b[0]) seen[a[0] === cores[0] ? 'straight' : 'exchanged'] += 1;
    }
    return seen;
  }

  it('has two groups of processes change places again and again, and puts them back', async (t) => {
    const cores = await twoCores();
    if (!cores || !canExchange())
      return t.skip('there is one core only, or build/native/exchange is not built');
    const children = await Promise.all([0, 1].map(idleProcess));
    const [one, other] = children.map(({ pid }) => pid) as [number, number];
    try {
      {
        await using _ = await exchangeCores([[one], [other]], cores);
        const seen = await watch(one, other, cores);
        assert.ok(seen.straight >= 20 && seen.exchanged >= 20, JSON.stringify(seen));
      }
      assert.deepEqual([coresOfProcess(one), coresOfProcess(other)], [[cores[0]], [cores[1]]]);
    } finally {
      await killAll(children);
    }
  });

  it('takes along what a process starts meanwhile, with all threads', async (t) => {
    const cores = await twoCores();
    if (!cores || !canExchange())
      return t.skip('there is one core only, or build/native/exchange is not built');
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('node:child_process');
         process.stdin.once('data', () => {
           const child = spawn('sleep', ['600'], { stdio: 'ignore' });
           process.once('SIGTERM', () => { child.kill('SIGKILL'); process.exit(); });
           console.log(child.pid);
         });`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const bystander = await idleProcess();
    try {
      await using _ = await exchangeCores([[parent.pid ?? 0], [bystander.pid]], cores);
      parent.stdin.write('\n');
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const seen = await watch(Number(line.toString()), bystander.pid, cores);
      assert.ok(seen.straight >= 20 && seen.exchanged >= 20, JSON.stringify(seen));
    } finally {
      parent.kill('SIGTERM');
      await once(parent, 'exit');
      await killAll([bystander]);
    }
  });

  it('lets be who has ended, and says what the kernel refuses', async (t) => {
    const cores = await twoCores();
    if (!cores || !canExchange())
      return t.skip('there is one core only, or build/native/exchange is not built');
    const children = await Promise.all([0, 1].map(idleProcess));
    const [one, other] = children.map(({ pid }) => pid) as [number, number];
    await killAll(children);
    {
      await using _ = await exchangeCores([[one], [other]], cores);
    }
    const alive = await idleProcess();
    try {
      // A core that no machine has.
      await assert.rejects(
        async () => void (await exchangeCores([[alive.pid], [alive.pid]], [1023, 1023])),
        /cannot keep thread \d+ on core 1023/,
      );
    } finally {
      await killAll([alive]);
    }
  });

  it('ends with whoever asked for it', async (t) => {
    const cores = await twoCores();
    if (!cores || !canExchange())
      return t.skip('there is one core only, or build/native/exchange is not built');
    const sleeper = await idleProcess();
    const module = new URL('../../harness/duet/launch/keep.ts', import.meta.url);
    const asker = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { exchangeCores } from ${JSON.stringify(module)};
         await exchangeCores([[${sleeper.pid}], [${sleeper.pid}]], [${cores.join(', ')}]);
         console.log('exchanging');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(asker.stdout, 'data');
      const exchange = readFileSync(`/proc/${asker.pid}/task/${asker.pid}/children`, 'utf8').trim();
      assert.match(exchange, /^\d+$/);
      asker.kill('SIGKILL');
      await once(asker, 'exit');
      await eventually('the exchange has ended', () => !existsSync(`/proc/${exchange}`));
    } finally {
      await killAll([sleeper]);
    }
  });
});

/** A load that is over at once; its figures are read at the end of it. @param pids server and generator of each arm */
function loadOf(
  pids: Pair<readonly [server: number, generator: number]>,
  figures: (arm: ArmName, pids: readonly [number, number]) => Figures,
): LoadArm {
  return async (arm, _signal, whenPrepared) => {
    await whenPrepared?.(pids[arm]);
    return figures(arm, pids[arm]);
  };
}

describe('the start of the two arms', () => {
  const kept = { [Symbol.asyncDispose]: () => Promise.resolve() };
  const loaded = sideBySide([0, 1], [0, 1], () => Promise.resolve(kept));
  const { signal } = new AbortController();

  it('waits until both are prepared, in every slice', async () => {
    for (const slice of [0, 1]) {
      const order: string[] = [];
      const load: LoadArm = async (arm, _signal, whenPrepared) => {
        if (arm === 'head') await setTimeout(1);
        order.push(`${arm} is prepared`);
        await whenPrepared?.([]);
        order.push('start');
        return {};
      };
      await loaded({ load, slice }, signal);
      assert.deepEqual(order, ['base is prepared', 'head is prepared', 'start', 'start']);
    }
  });

  it('leaves nobody waiting for an arm that failed, and fails for its reason', async () => {
    const load: LoadArm = async (arm, _signal, whenPrepared) => {
      if (arm === 'head') throw new Error('the other arm failed');
      await whenPrepared?.([]);
      return {};
    };
    await assert.rejects(loaded({ load, slice: 0 }, signal), /other arm failed/);
  });

  it('is given up when the duet is stopped', async () => {
    const stop = new AbortController();
    const load: LoadArm = async (arm, ending, whenPrepared) => {
      if (arm === 'base') await whenPrepared?.([]);
      stop.abort(new Error('stopped'));
      ending.throwIfAborted();
      return {};
    };
    await assert.rejects(loaded({ load, slice: 0 }, stop.signal), /stopped/);
  });
});
