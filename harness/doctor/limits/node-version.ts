import { check } from '../finding.ts';

/** The first version that runs all of Holdfast: it moves sockets between threads. */
const OLDEST = 24;

/** Whether this is the runtime that the lockfile pins: another one makes other figures. */
export const nodeVersion = check('node', ({ environment, pinnedNode }) => {
  const version = environment.identity.nodeVersion.replace(/^v/, '');
  const pinned = pinnedNode === null || pinnedNode === version;
  const old = Number(version.split('.')[0]) < OLDEST;
  return {
    status: old ? 'fail' : pinned ? 'ok' : 'warn',
    figure: version,
    message: pinned
      ? `Node ${version} runs Holdfast and its servers in TypeScript.`
      : `Node ${version} runs Holdfast; the lockfile pins ${pinnedNode}, and figures of different versions must not be compared.`,
    advice: 'Run it with npx holdfast or make, which take the pinned Node.',
  };
});
