import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** The first version that runs all of Holdfast: it moves sockets between threads. */
const OLDEST = 24;

/** Whether this is the runtime that the lockfile pins: another one makes other figures. */
export function nodeVersion({ environment, pinnedNode }: MachineFacts): Finding {
  const version = environment.identity.nodeVersion.replace(/^v/, '');
  const pinned = pinnedNode === null || pinnedNode === version;
  const old = Number(version.split('.')[0]) < OLDEST;
  return {
    id: 'node',
    status: old ? 'fail' : pinned ? 'ok' : 'warn',
    figure: version,
    message: pinned
      ? `Node ${version} runs Holdfast and its servers in TypeScript.`
      : `Node ${version} runs Holdfast; the lockfile pins ${pinnedNode}, and figures of different versions are not to be compared.`,
    advice: old || !pinned ? 'Run it with npx holdfast or make, which take the pinned Node.' : null,
  };
}
