/**
 * Whether an environment as in /proc/<pid>/environ (entries ended by NUL) holds exactly `name=value`.
 * A cut last entry does not count.
 */
export function environHas(bytes: Buffer, name: string, value: string): boolean {
  const entry = Buffer.from(`${name}=${value}\0`);
  for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 1)) {
    if (at === 0 || bytes[at - 1] === 0) return true;
  }
  return false;
}
