/** The folder of a server's own files, which goes with the server. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The pid of the owner follows, so that a folder can be told whose owner is gone (servers/native has the same). */
const PREFIX = 'holdfast-server-';

/** Makes it, for this user only. It is removed when this process ends, however it does but by SIGKILL. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Removes the folders of servers that were killed, and so could not do it themselves. */
export function removeOrphans(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
      if (pid !== undefined && isGone(Number(pid)))
        rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  } catch {
    // Another user's folder, or one that another server removes at this moment: no reason not to serve.
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
