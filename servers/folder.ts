/** The folder of a server's own files, which lives as long as the server. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Followed by the owner's pid, so that orphaned folders can be found (servers/native does the same). */
const PREFIX = 'holdfast-server-';

/** Creates the folder for this user only. It is removed when this process ends, unless by SIGKILL. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Removes the folders of servers that were killed. */
export function removeOrphans(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
      if (pid !== undefined && isGone(Number(pid)))
        rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  } catch {
    // The folder of another user, or one that another server is removing: not an error.
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
