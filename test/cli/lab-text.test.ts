import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { modelsText } from '../../harness/cli/lab/models.ts';
import { stevensText } from '../../harness/cli/lab/stevens.ts';
import { relations } from '../../harness/lab/models/relation.ts';
import { stevensRows } from '../../harness/lab/stevens/stevens.ts';
import { completedTrials } from '../lab/trials.ts';

void test('the text of the table stands beside the published figures, and shows a dash where there is none', () => {
  const trials = new Map([
    ['c-iterative', completedTrials('c-iterative', [20])],
    ['c-fork', completedTrials('c-fork', [120])],
  ]);
  const setting = { language: 'c', children: 10, loops: 500, bytes: 4000, workers: 15 } as const;
  const text = stevensText(setting, 1, stevensRows(trials, 'c'), []);
  assert.match(text, /^1 +a process per connection +c-fork +120\.0 +0\.500 +\(0\.500 to 0\.500\) +20\.90$/m);
  assert.match(text, /^2 +prefork, each accepts +c-prefork +– +– +1\.80$/m);
  assert.doesNotMatch(text, /The herd/);
});

void test('the text of the relations says of each whether it was reached, and how many were', () => {
  const row = { variant: 'ts-loop', costUs: { message: 5.3 } };
  const slice = { row, unit: 'message', costUs: 6, baseUs: 4 } as const;
  const text = modelsText(relations([slice], [row, { variant: 'ts-cluster', costUs: { message: 5.3 } }]), 3);
  assert.match(text, /^ts-loop +message +6\.0 +1\.50 +\(1\.50 to 1\.50\) +1\.56 +1\.95 +reached$/m);
  assert.match(text, /^ts-cluster +message +– +– +1\.56 +1\.95 +not measured$/m);
  assert.match(
    text,
    /1 of 2 reached, 0 not reached, 0 cannot be told \(0 of them with a median within\), 1 not measured/,
  );
  const wide = [7.2, 7.6, 9.2].map((costUs) => ({ ...slice, costUs }));
  assert.match(
    modelsText(relations(wide, [row]), 3),
    /^ts-loop +message +7\.6 +1\.90 +\(1\.80 to 2\.30\) .* cannot be told$/m,
  );
  assert.match(modelsText(relations(wide, [row]), 3), /1 cannot be told \(1 of them with a median within\)/);
  const above = wide.map((each) => ({ ...each, costUs: each.costUs + 0.4 }));
  assert.match(modelsText(relations(above, [row]), 3), /1 cannot be told \(0 of them with a median within\)/);
});
