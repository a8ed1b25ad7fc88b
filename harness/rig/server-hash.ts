/** What a server is made of, as one hash: a resumed run must measure the same thing. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { PlannedServer } from '../results/schema/plan.ts';

/**
 * SHA-256 over every file that the server's commands name: the program as found on PATH, and each argument that is a
 * file. Of a TypeScript or JavaScript file, all such files below its folder count. Null where no file was found.
 */
export function hashServer(server: Pick<PlannedServer, 'commands'>): string | null {
  const files = new Set<string>();
  for (const command of Object.values(server.commands)) {
    for (const [i, part] of command.entries()) {
      const path = i === 0 ? findProgram(part) : existingFile(resolve(part));
      if (path === undefined) continue;
      files.add(path);
      if (i > 0 && /\.[cm]?[jt]s$/.test(path))
        for (const source of sourcesBelow(dirname(path))) files.add(source);
    }
  }
  if (files.size === 0) return null;
  const hash = createHash('sha256');
  for (const path of [...files].sort()) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function findProgram(name: string): string | undefined {
  if (name.includes('/')) return existingFile(resolve(name));
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = existingFile(join(folder, name));
    if (path !== undefined) return path;
  }
  return undefined;
}

function existingFile(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}

/** Limits the search to what a server's own source tree may hold. */
const MOST_SOURCES = 2000;

function sourcesBelow(folder: string): string[] {
  const found: string[] = [];
  const queue = [folder];
  for (let next = queue.pop(); next !== undefined && found.length < MOST_SOURCES; next = queue.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
        queue.push(path);
      else if (entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)) found.push(path);
    }
  }
  return found;
}
