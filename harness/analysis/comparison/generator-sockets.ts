/** Which code carried the clients' connections: what a message costs the generator depends on it, so runs must agree. */
import { type Run, socketsOf } from '../../results/run.ts';

/** What differs between the generators of two runs; nothing where one of them does not say (an older version). */
export function socketsMismatch(base: Run, head: Run): readonly string[] {
  const [a, b] = [socketsOf(base), socketsOf(head)];
  return a === '' || b === '' || a === b ? [] : [`sockets of the generators: "${a}" against "${b}"`];
}
