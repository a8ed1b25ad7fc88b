import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import fc from '../property.ts';
import { UnfitError } from '../../harness/errors.ts';
import { judgeDuet } from '../../harness/duet/judgement/judge.ts';
import { parseDocument } from '../../harness/results/document.ts';
import { DOCUMENTS, jsonSchemaOf } from '../../harness/results/schema/documents.ts';
import { inProcess } from '../cli/in-process.ts';
import { course, outcomeOf, plan } from '../duet/fixture.ts';
import { comparisonOf } from '../reports/fixture-comparison.ts';
import { fixture } from '../reports/fixture.ts';

const { run, summary } = fixture({ servers: 5, levels: [1, 100], trials: 1 });
const { run: aborted } = fixture({ servers: 1, levels: [1], trials: 1, all: 'aborted' });

/** Examples of every document, as they are written. */
const examples = new Map<string, readonly unknown[]>();

before(async () => {
  const made = plan();
  const launched = new Set<number>();
  const { course: done, journal } = await course(made, (launch) => {
    const again = launched.has(launch.index);
    launched.add(launch.index);
    return again || launch.index !== 3
      ? outcomeOf(launch, () => ({ throughput: 1.1 }))
      : { status: 'failed', arm: 'head', reason: 'it ended before it listened' };
  });
  const arm = (label: string) => ({ label, toolVersion: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' });
  const duetComparison = judgeDuet(made, done, {
    runId: 'run',
    planHash: 'hash',
    base: arm('main'),
    head: arm('HEAD'),
    environmentDifferences: [],
    remarks: [],
    notCompared: [{ scenario: 'echo', server: 'gone', why: 'it did not start' }],
    tookMs: 60_000,
  });
  const verdicts = [{ name: 'cpu', verdict: 'regression', effect: 1.05, d: [0.04, 0.05] }];
  const written: Readonly<Record<string, readonly unknown[]>> = {
    plan: [run.plan],
    trial: [...run.trials, ...aborted.trials],
    run: [run.manifest],
    environment: [run.environment],
    costs: [
      {
        schema: 1,
        machine: 'two cores',
        costs: [{ key: 'a', levels: [{ clients: 1, lifeMs: 1, loadMs: 2, warmMs: 3 }] }],
      },
    ],
    summary: [summary],
    comparison: [comparisonOf(run), comparisonOf(run, 'duet')],
    manifest: [{ servers: [{ name: 'mine', command: ['serve', '{port}'], slots: 4 }] }],
    'duet-config': [JSON.parse(readFileSync(new URL('../../holdfast.duet.json', import.meta.url), 'utf8'))],
    'duet-plan': [made],
    'duet-launch': journal,
    'duet-comparison': [duetComparison],
    'verdict-check': [
      { schema: 1, kind: 'calibration', key: 'k', d: [0.2] },
      {
        schema: 1,
        kind: 'duet',
        effect: 0.05,
        repetition: 1,
        verdict: 'regression',
        gates: verdicts,
        launches: 12,
        tookMs: 1,
      },
    ],
  };
  for (const [name, documents] of Object.entries(written))
    examples.set(name, JSON.parse(JSON.stringify(documents)) as unknown[]);
});

function read(name: string, value: unknown): unknown {
  const document = DOCUMENTS[name];
  assert.ok(document, name);
  return parseDocument(JSON.stringify(value), document.schema, 'the-file');
}

type Path = readonly (string | number)[];

/** The places of all values that hold no others. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with another value in one place. */
function replaced(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy: unknown = Array.isArray(document) ? [...document] : { ...(document as object) };
  const fields = copy as Record<string | number, unknown>;
  fields[key] = replaced(fields[key], rest, value);
  return copy;
}

function faultOf(name: string, value: unknown): string {
  try {
    read(name, value);
  } catch (error) {
    assert.ok(error instanceof UnfitError, String(error));
    return error.message;
  }
  return assert.fail(`nothing is said of a damaged ${name}`);
}

describe('a document', () => {
  for (const name of Object.keys(DOCUMENTS)) {
    it(`that is a ${name} is read as it was written`, () => {
      for (const example of examples.get(name) ?? assert.fail(`there is no example of a ${name}`)) {
        // Of a configuration the reader makes a rule, and fills in what is left out.
        if (name === 'duet-config') assert.ok(read(name, example));
        else assert.deepEqual(read(name, example), example);
      }
    });

    it(`that is a ${name} with something else in any place is refused with that place`, () => {
      const documents = examples.get(name) ?? [];
      const places = documents.flatMap((document) => leavesOf(document).map((path) => ({ document, path })));
      fc.assert(
        fc.property(
          fc.nat(places.length - 1),
          fc.constantFrom<unknown>({}, [], { schema: 1 }, [[]]),
          (i, other) => {
            const { document, path = [] } = places[i] ?? {};
            const fault = faultOf(name, replaced(document, path, other));
            const [, at = ''] = /^the-file at (.+?): expected .+, found .+\. The file was/.exec(fault) ?? [];
            const place = path.join('.');
            // Inside of what stands there now, or where the whole column is that the place is part of.
            assert.ok(
              at !== '' && (`${at}.`.startsWith(`${place}.`) || `${place}.`.startsWith(`${at}.`)),
              `${place}: ${fault}`,
            );
          },
        ),
        { numRuns: 100 },
      );
    });

    it(`that is a ${name} has a JSON Schema of draft 2020-12`, () => {
      const document = DOCUMENTS[name];
      assert.ok(document);
      const { $schema, ...schema } = jsonSchemaOf(document) as Record<string, unknown>;
      assert.equal($schema, 'https://json-schema.org/draft/2020-12/schema');
      assertSchema(schema, name);
    });
  }

  it('that says a number where a text should be, or the reverse, is refused with both', () => {
    const [trial] = examples.get('trial') ?? [];
    assert.match(
      faultOf('trial', replaced(trial, ['load', 'clients', 'asked'], '1')),
      /^the-file at load\.clients\.asked: expected a number, found "1"\. The file was changed or damaged\.$/,
    );
    assert.match(
      faultOf('trial', replaced(trial, ['trial', 'server'], 7)),
      /at trial\.server: expected text, found 7/,
    );
    assert.match(
      faultOf('trial', replaced(trial, ['load', 'connects', 'completed'], 0.5)),
      /at load\.connects\.completed: expected a whole number, found 0\.5/,
    );
    assert.match(
      faultOf('trial', replaced(trial, ['status'], 'finished')),
      /at status: expected "completed", "failed"/,
    );
  });

  it('of another version is refused with both versions', () => {
    const [made] = examples.get('duet-plan') ?? [];
    assert.match(
      faultOf('duet-plan', replaced(made, ['schema'], 1)),
      /^the-file is of version 1, and this Holdfast reads version 2/,
    );
  });

  it('with a field that nobody knows is refused with the nearest where a person wrote it', () => {
    const [config] = examples.get('duet-config') ?? [];
    assert.match(
      faultOf('duet-config', replaced(config, ['timing', 'slice'], 4)),
      /^the-file at timing: unknown field "slice"; did you mean "slices"\./,
    );
  });
});

/** Keywords of draft 2020-12 that zod uses, and what stands behind them. */
const KEYWORDS: Readonly<Record<string, (value: unknown, place: string) => void>> = {
  type: (value, place) => {
    const kinds = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
    for (const kind of [value].flat()) assert.ok(kinds.includes(kind as string), place);
  },
  title: isOf('string'),
  description: isOf('string'),
  pattern: isOf('string'),
  minimum: isOf('number'),
  maximum: isOf('number'),
  exclusiveMinimum: isOf('number'),
  exclusiveMaximum: isOf('number'),
  multipleOf: isOf('number'),
  minItems: isOf('number'),
  minLength: isOf('number'),
  const: () => {},
  default: () => {},
  enum: (value, place) => assert.ok(Array.isArray(value) && new Set(value).size === value.length, place),
  required: (value, place) => assert.ok(Array.isArray(value), place),
  items: assertSchema,
  propertyNames: assertSchema,
  additionalProperties: (value, place) => {
    if (typeof value !== 'boolean') assertSchema(value, place);
  },
  properties: (value, place) => {
    for (const [name, each] of Object.entries(value as object)) assertSchema(each, `${place}.${name}`);
  },
  anyOf: assertSchemas,
  oneOf: assertSchemas,
};

function isOf(type: 'string' | 'number') {
  return (value: unknown, place: string): void => assert.equal(typeof value, type, place);
}

function assertSchemas(value: unknown, place: string): void {
  assert.ok(Array.isArray(value) && value.length > 0, place);
  for (const [i, each] of value.entries()) assertSchema(each, `${place}.${i}`);
}

function assertSchema(value: unknown, place: string): void {
  assert.ok(typeof value === 'object' && value !== null, place);
  for (const [keyword, behind] of Object.entries(value)) {
    const check = KEYWORDS[keyword] ?? assert.fail(`${place}: unknown keyword ${keyword}`);
    check(behind, `${place}.${keyword}`);
  }
}

describe('holdfast schema', () => {
  it('lists every document, and prints the schema of one', async () => {
    const { stdout } = await inProcess('schema');
    for (const name of Object.keys(DOCUMENTS)) assert.match(stdout, new RegExp(`^${name} `, 'm'));
    const { stdout: trial } = await inProcess('schema', 'trial');
    const { oneOf } = JSON.parse(trial) as {
      oneOf: { properties: Record<string, { properties?: object }> }[];
    };
    const series = oneOf[0]?.properties['series']?.properties as Record<string, unknown>;
    assert.deepEqual(series['rssBytes'], { type: 'array', items: { type: 'number' } });
  });

  it('names the nearest where there is no such document', async () => {
    const { exitCode, stderr } = await inProcess('schema', 'sumary');
    assert.equal(exitCode, 2);
    assert.match(stderr, /no document "sumary"; did you mean "summary"\?/);
  });
});
