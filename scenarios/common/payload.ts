import type { Client } from '../../harness/scenario/client.ts';

const LETTERS = 26;
const FIRST_LETTER = 97;

/** Letters that differ from one client to the next, so that an answer with another's bytes is told by them. */
export function payloadOf(client: Client, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => FIRST_LETTER + ((i + client.index) % LETTERS));
}
