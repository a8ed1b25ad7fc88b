/** What is running: the version in package.json and the hash of the lockfile beside it. */
import { readFileSync } from 'node:fs';
import { sha256 } from '../results/files.ts';

const ROOT = new URL('../../', import.meta.url);

/** Version of Holdfast, as package.json says. */
export function toolVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return manifest.version;
}

/** SHA-256 of package-lock.json, which pins the runtime and every dependency; null where it is not there. */
export function lockfileHash(): string | null {
  try {
    return sha256(readFileSync(new URL('package-lock.json', ROOT)));
  } catch {
    return null;
  }
}
