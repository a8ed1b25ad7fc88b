import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Whether the servers in C are there, or can be built. */
export function compiler({ compiler: version, nativeServers }: MachineFacts): Finding {
  const built = nativeServers ? 'The servers in C are built' : 'The servers in C are not built';
  return {
    id: 'compiler',
    status: nativeServers || version !== null ? 'ok' : 'warn',
    figure: nativeServers ? 'built' : version === null ? 'none' : 'there',
    message:
      version === null ? `${built}, and there is no C compiler.` : `${built}; the compiler is ${version}.`,
    advice: nativeServers
      ? null
      : version === null
        ? 'Install a C compiler and run make servers; without it only servers in TypeScript are measured.'
        : 'make servers',
  };
}
