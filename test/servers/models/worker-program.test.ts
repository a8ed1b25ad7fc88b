/** The program of the workers is that of the sources as they are now. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { workerProgram } from '../../../servers/models/worker/program.ts';
import { ServerError } from '../../../servers/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-program-'));
const programs = new Set<string>();
after(() => {
  for (const path of [folder, ...programs]) rmSync(path, { recursive: true, force: true });
});

/** A service of a name that no other has; its program is removed at the end. */
function serviceNamed(name: string, source: string): URL {
  const file = join(folder, `${name}-${process.pid}.ts`);
  writeFileSync(file, source);
  return pathToFileURL(file);
}

function programOf(service: URL): string {
  const path = workerProgram(service.href);
  programs.add(path);
  return path;
}

describe('the program of a worker', () => {
  it('is one file with the service and the worker, in which a module keeps its own address', () => {
    const service = serviceNamed('whole', 'export const service: unknown = { here: import.meta.url };');
    const text = readFileSync(programOf(service), 'utf8');
    assert.ok(text.includes(service.href));
    assert.doesNotMatch(text, /: unknown/);
    assert.doesNotMatch(text, /require\("\./);
    assert.match(text, /runWorker/);
  });

  it('is kept while its sources are the same, and made anew when one has changed', () => {
    const service = serviceNamed('changing', 'export const service = "first";');
    const program = programOf(service);
    const { mtimeMs } = statSync(program);
    utimesSync(program, 1, 1);
    assert.equal(programOf(service), program);
    assert.equal(statSync(program).mtimeMs, 1000, 'it was not written again');
    serviceNamed('changing', 'export const service = "another";');
    assert.equal(programOf(service), program);
    assert.ok(statSync(program).mtimeMs >= mtimeMs);
    assert.match(readFileSync(program, 'utf8'), /"another"/);
  });

  it('is made anew where it was torn', () => {
    const service = serviceNamed('torn', 'export const service = "whole";');
    const program = programOf(service);
    writeFileSync(program, '// made of {"');
    programOf(service);
    assert.match(readFileSync(program, 'utf8'), /"whole"/);
  });

  it('that cannot be made is an error that says why', () => {
    const service = serviceNamed('broken', 'export const service = ;');
    assert.throws(
      () => programOf(service),
      (error) => error instanceof ServerError && /cannot be made.*Unexpected ";"/s.test(error.message),
    );
  });
});
