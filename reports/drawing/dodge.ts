/** Labels beside the ends of lines, moved apart so that none covers another. */

/**
 * Positions near the wanted ones, at least `gap` apart and within [low, high], in the order of the wanted ones.
 *
 * Neighbours that collide are merged into a block that stands at the mean of what its members wanted (pool adjacent
 * violators, the least-squares answer). There must be room: gap · (n − 1) ≤ high − low.
 */
export function dodge(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const blocks: { start: number; size: number }[] = [];
  for (const i of order) {
    let block = { start: wanted[i] ?? 0, size: 1 };
    for (
      let before = blocks.at(-1);
      before && before.start + before.size * gap > block.start;
      before = blocks.at(-1)
    ) {
      blocks.pop();
      const size = before.size + block.size;
      const own = block.start - before.size * gap;
      block = { start: (before.start * before.size + own * block.size) / size, size };
    }
    const last = high - (block.size - 1) * gap;
    block.start = Math.max(low, Math.min(block.start, last));
    blocks.push(block);
  }
  const positions: number[] = Array.from({ length: wanted.length }, () => 0);
  let next = 0;
  let floor = low;
  for (const block of blocks) {
    // Clamping at the ends can push a block into its neighbour: what follows moves down, what is last moves up below.
    let position = Math.max(block.start, floor);
    for (let k = 0; k < block.size; k++, next++, position += gap) positions[order[next] ?? 0] = position;
    floor = position;
  }
  let ceiling = high;
  for (const i of order.reverse()) {
    positions[i] = Math.min(positions[i] ?? 0, ceiling);
    ceiling = (positions[i] ?? 0) - gap;
  }
  return positions;
}
