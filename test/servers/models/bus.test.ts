import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import fc from '../../property.ts';
import { BusHub } from '../../../servers/models/bus/hub.ts';
import { BusMember } from '../../../servers/models/bus/member.ts';

interface Worker {
  readonly bus: BusMember;
  /** Everything it heard, in order. */
  readonly heard: string[];
  /** It is gone, without a word. */
  die(): void;
  /** It works on nothing until `wake`. */
  sleep(): void;
  wake(): void;
}

/** A worker whose link cuts all bytes into small pieces, as a socket may. */
function join(hub: BusHub, pieceBytes = 7): Worker {
  const heard: string[] = [];
  let kept: Buffer[] | undefined;
  const bus: BusMember = new BusMember((bytes) => {
    for (const piece of pieces(bytes, pieceBytes)) port.receive(piece);
  });
  const port = hub.attach((bytes) => {
    if (kept) kept.push(Buffer.from(bytes));
    else for (const piece of pieces(bytes, pieceBytes)) bus.receive(piece);
  });
  bus.listen({
    claimed: (name) => heard.push(`+${name}`),
    released: (name) => heard.push(`-${name}`),
    message: (bytes) => heard.push(bytes.toString()),
  });
  return {
    bus,
    heard,
    die: () => port.detach(),
    sleep: () => void (kept = []),
    wake: () => {
      const waiting = kept ?? [];
      kept = undefined;
      for (const bytes of waiting) bus.receive(bytes);
    },
  };
}

function pieces(bytes: Uint8Array, size: number): Buffer[] {
  const whole = Buffer.from(bytes);
  const count = Math.ceil(whole.length / size);
  return Array.from({ length: count }, (_, i) => whole.subarray(i * size, (i + 1) * size));
}

async function settle(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await turn();
}

function claim(worker: Worker, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    worker.bus.claim(name, resolve);
  });
}

test('every worker hears all that every other does, once and in its order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(3), fc.string({ minLength: 1 })), { maxLength: 60 }),
      async (said) => {
        const hub = new BusHub();
        const workers = Array.from({ length: 4 }, () => join(hub));
        said.forEach(
          ([from, text], i) => void workers[from]?.bus.publish(Buffer.from(`${from}:${i}:${text}`)),
        );
        await settle();
        for (const [to, { heard }] of workers.entries()) {
          for (const from of workers.keys()) {
            const wanted = said.flatMap(([by, text], i) =>
              by === from && from !== to ? [`${by}:${i}:${text}`] : [],
            );
            assert.deepEqual(
              heard.filter((text) => text.startsWith(`${from}:`)),
              wanted,
            );
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('of those who claim a name at the same time exactly one gets it, and the others hear of it', async () => {
  const hub = new BusHub();
  const workers = [join(hub), join(hub), join(hub)];
  const taken = await Promise.all(workers.map((worker) => claim(worker, 'ann')));
  assert.equal(taken.filter(Boolean).length, 1);
  await settle();
  const others = workers.filter((_, i) => taken[i] !== true);
  for (const { heard } of others) assert.deepEqual(heard, ['+ann']);
});

test('nothing is heard between the decision on a claim and its answer', async () => {
  const hub = new BusHub();
  const [speaker, claimant] = [join(hub), join(hub)];
  let heardBefore = -1;
  claimant.bus.claim('ann', () => {
    heardBefore = claimant.heard.length;
  });
  claimant.bus.flush();
  void speaker.bus.publish(Buffer.from('after the decision'));
  await settle();
  assert.equal(heardBefore, 0);
  assert.deepEqual(claimant.heard, ['after the decision']);
});

test('a name that was released, or whose worker died, can be had again', async () => {
  const hub = new BusHub();
  const [first, second] = [join(hub), join(hub)];
  assert.equal(await claim(first, 'ann'), true);
  assert.equal(await claim(first, 'bob'), true);
  first.bus.release('ann');
  await settle();
  assert.equal(await claim(second, 'ann'), true);
  assert.equal(await claim(second, 'bob'), false);
  first.die();
  await settle();
  assert.deepEqual(second.heard, ['+ann', '+bob', '-ann', '-bob']);
  assert.equal(await claim(second, 'bob'), true);
});

test('a worker that starts late hears first which names are held', async () => {
  const hub = new BusHub();
  const early = join(hub);
  await claim(early, 'ann');
  const late = join(hub);
  void early.bus.publish(Buffer.from('hello'));
  await settle();
  assert.deepEqual(late.heard, ['+ann', 'hello']);
});

test('while one worker is far behind, those who publish are asked to hold back until it has caught up', async () => {
  const hub = new BusHub();
  const [publisher, sleeper] = [join(hub, 1 << 20), join(hub, 1 << 20)];
  const message = Buffer.alloc(100_000, 'm');
  sleeper.sleep();
  let published = 0;
  let room: Promise<void> | void = undefined;
  while (!room && published < 1000) {
    room = publisher.bus.publish(message);
    published += 1;
    await turn();
  }
  assert.ok(published < 1000, 'nobody was asked to hold back');
  let resumed = false;
  void Promise.resolve(room).then(() => (resumed = true));
  await settle();
  assert.equal(resumed, false);
  sleeper.wake();
  await settle();
  assert.equal(resumed, true);
  assert.equal(sleeper.heard.length, published);
});
