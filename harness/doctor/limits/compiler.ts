import { check } from '../finding.ts';

/** Whether the servers in C are there, or can be built. */
export const compiler = check('compiler', ({ compiler: version, nativeServers }) => {
  const built = nativeServers ? 'The servers in C are built' : 'The servers in C are not built';
  return {
    status: nativeServers || version !== null ? 'ok' : 'warn',
    figure: nativeServers ? 'built' : version === null ? 'none' : 'there',
    message:
      version === null ? `${built}, and there is no C compiler.` : `${built}; the compiler is ${version}.`,
    advice: 'Install a C compiler and run make servers; without it only servers in TypeScript are measured.',
    hint: nativeServers ? undefined : 'Run make servers.',
  };
});
