/** The cores of a list as the kernel writes it: `0-1,4` is 0, 1 and 4. */
export function coresOf(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from === undefined) return [];
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 }, (_, i) => first + i);
  });
}
