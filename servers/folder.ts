/** The folder of a server's own files, which goes with the server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes it, for this user only. It is removed when this process ends, however it does but by SIGKILL. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `holdfast-server-${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
