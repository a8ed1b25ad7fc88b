import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { modelsText } from '../../harness/cli/models.ts';
import { stevensText } from '../../harness/cli/stevens-text.ts';
import { relations } from '../../harness/tables/models.ts';
import { stevensRows } from '../../harness/tables/stevens.ts';
import { completedTrials } from '../tables/trials.ts';

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
  const rows = [
    { variant: 'c-epoll', perMessageUs: 3.4 },
    { variant: 'ts-loop', perMessageUs: 5.3 },
  ];
  const text = modelsText(relations(new Map(), rows), 3);
  assert.match(text, /^ts-loop +message +– +– +1\.56 +1\.95 +not reached$/m);
  assert.match(text, /^0 of 2 reached/m);
});
