/** Which names members of a chat may have. Names come from strangers and end up on other people's terminals. */

/** Longest name, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 64;

/**
 * Code points that could forge or hide a name, first and last of each range: control characters, line ends, and
 * invisible characters that join, hide or turn around what stands next to them.
 */
const FORBIDDEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xffff],
  [0xe0000, 0xe0fff],
];

/** Why a name cannot be had, or undefined when it can. Upper and lower case are different names. */
export function nameProblem(name: string): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_NAME_BYTES) return `a name takes 1 to ${MAX_NAME_BYTES} bytes`;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (FORBIDDEN.some(([first, last]) => code >= first && code <= last)) {
      return 'a name takes no control or invisible characters';
    }
  }
  if (name.startsWith(' ') || name.endsWith(' ')) return 'a name neither starts nor ends with a space';
  return undefined;
}
