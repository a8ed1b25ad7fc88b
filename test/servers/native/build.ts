/** Building the servers in C for a test, or the reason why it cannot be done here. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

export const CLIENT = join(ROOT, 'build/native/client');
export const SANITIZED_SERVER = join(ROOT, 'build/native-sanitize/server');

export type Built = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Brings what is written in C up to date: the servers (`all`), the same with sanitizers, or the load engine's sockets.
 * Test files run side by side, so a lock keeps two of them from writing the same object files.
 *
 * @throws when there is a compiler and it does not accept the sources
 */
export function build(target: 'all' | 'sanitize' | 'sockets'): Built {
  const compiler = process.env['CC'] ?? 'cc';
  if (spawnSync(compiler, ['--version']).status !== 0) {
    return {
      ok: false,
      reason: `no C compiler ('${compiler}' does not run): what is written in C is not tried`,
    };
  }
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const lock = join(ROOT, 'build/native.lock');
  const [folder, goal] =
    target === 'sockets' ? ['harness/load/sockets/native', 'all'] : ['servers/native', target];
  const make = spawnSync('flock', [lock, 'make', '-s', '-C', join(ROOT, folder), goal], { encoding: 'utf8' });
  if (make.stderr.includes('has no runtime for -fsanitize')) return { ok: false, reason: make.stderr.trim() };
  if (make.status !== 0 || make.stderr !== '') {
    throw new Error(`make ${goal} in ${folder} failed or warned:\n${make.stdout}${make.stderr}`);
  }
  return { ok: true };
}
