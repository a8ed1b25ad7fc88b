/** Arrows run one way: which folder may import which, and that no file imports itself round a corner. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importsOf, PRODUCT, sourceOf } from './sources.ts';

/** For each part of the tree, what it may import besides itself. docs/architecture.md explains why. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'harness (root)': ['harness/cli'],
  'harness/results': ['harness (root)'],
  'harness/scenario': ['harness (root)', 'harness/results'],
  'harness/observe': ['harness (root)', 'harness/results'],
  'harness/plan': ['harness (root)', 'harness/results'],
  'harness/load': [
    'harness (root)',
    'harness/scenario',
    'harness/observe',
    'harness/results',
    'scenarios',
    'servers/wire',
  ],
  'harness/rig': ['harness (root)', 'harness/load', 'harness/observe', 'harness/plan', 'harness/results'],
  'harness/run': [
    'harness (root)',
    'harness/load',
    'harness/observe',
    'harness/plan',
    'harness/results',
    'harness/rig',
  ],
  'harness/analysis': [
    'harness (root)',
    'harness/scenario',
    'harness/observe',
    'harness/plan',
    'harness/results',
  ],
  'harness/catalogue': ['harness (root)', 'harness/results', 'harness/scenario', 'scenarios', 'servers'],
  'harness/doctor': [
    'harness (root)',
    'harness/analysis',
    'harness/lab',
    'harness/load',
    'harness/observe',
    'harness/results',
    'harness/rig',
    'servers',
  ],
  'harness/duet': [
    'harness (root)',
    'harness/analysis',
    'harness/catalogue',
    'harness/load',
    'harness/observe',
    'harness/plan',
    'harness/results',
    'harness/rig',
    'harness/run',
    'harness/scenario',
  ],
  'harness/lab': [
    'harness (root)',
    'harness/analysis',
    'harness/catalogue',
    'harness/duet',
    'harness/load',
    'harness/observe',
    'harness/plan',
    'harness/results',
    'harness/rig',
    'harness/run',
    'harness/scenario',
    'reports',
    'servers/wire',
  ],
  'harness/cli': [
    'harness (root)',
    'harness/analysis',
    'harness/catalogue',
    'harness/doctor',
    'harness/duet',
    'harness/load',
    'harness/observe',
    'harness/plan',
    'harness/results',
    'harness/rig',
    'harness/run',
    'harness/scenario',
    'harness/lab',
    'reports',
    'scenarios',
    'servers',
    'servers/wire',
  ],
  reports: ['harness/analysis', 'harness/duet', 'harness/results', 'harness/scenario'],
  scenarios: ['harness (root)', 'harness/scenario', 'servers/wire'],
  'servers/wire': [],
  servers: ['servers/wire'],
};

const SCHEMAS = 'harness/results/schema/';

const imports = new Map(
  PRODUCT.map((file) => [file, importsOf(file).filter(({ to }) => to.endsWith('.ts'))]),
);

function partOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top === 'servers') return second === 'wire' ? 'servers/wire' : 'servers';
  if (top !== 'harness') return top;
  return second.endsWith('.ts') ? 'harness (root)' : `harness/${second}`;
}

describe('the tree', () => {
  it('has arrows in one direction only, between the parts that the architecture names', () => {
    const strays: string[] = [];
    for (const [file, targets] of imports) {
      for (const { to } of targets) {
        const [from, into] = [partOf(file), partOf(to)];
        if (from === into || (from === 'harness (root)' && file !== 'harness/main.ts')) continue;
        if (!(ARROWS[from] ?? []).includes(into)) strays.push(`${file} → ${to}`);
      }
    }
    assert.deepEqual(strays, []);
  });

  it('has no circle of files that import each other', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const { to } of imports.get(file) ?? []) visit(to, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of PRODUCT) visit(file, []);
    assert.deepEqual(circles, []);
  });

  it('loads zod only where a file is read: the schemas are imported lazily, or for their types', () => {
    const eager = [...imports].flatMap(([file, targets]) =>
      file.startsWith(SCHEMAS)
        ? []
        : targets.flatMap(({ to, when }) =>
            to.startsWith(SCHEMAS) && when === 'at-once' ? [`${file} → ${to}`] : [],
          ),
    );
    assert.deepEqual(eager, []);
    const others = PRODUCT.filter(
      (file) => !file.startsWith(SCHEMAS) && /^import (?!type)[^;]* from 'zod/m.test(sourceOf(file)),
    );
    assert.deepEqual(others, []);
  });

  it('imports only files that are there', () => {
    for (const [file, targets] of imports)
      for (const { to } of targets) assert.ok(imports.has(to), `${file} → ${to}`);
  });
});
