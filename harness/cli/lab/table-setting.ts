import type { Cores } from '../../lab/tables/cores.ts';

/** On which cores a table was measured, as a sentence. */
export function whereItRan(cores: Cores | undefined): string {
  return cores
    ? `Server on core ${cores.server}, clients on core ${cores.clients}.`
    : 'Server and clients shared their cores (one core only, or no taskset): each was in the way of the other.';
}
