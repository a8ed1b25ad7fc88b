/** Path data: moved to its place and written in few characters. Runs in the page as well. */

/** The parameters of a command that are pairs of coordinates, by their first positions. */
export function pairsOf(command: string): { readonly step: number; readonly pairs: readonly number[] } {
  switch (command) {
    case 'C':
      return { step: 6, pairs: [0, 2, 4] };
    case 'A':
      return { step: 7, pairs: [5] };
    default:
      return { step: 2, pairs: [0] };
  }
}

/**
 * The path moved by (dx, dy), in tenths of a px, as fine as anyone sees. After the first place of a part coordinates are
 * steps: shorter, and exact, because each is rounded before the step is taken. Understands what Vega writes: M, L, C, A
 * and Z in absolute coordinates, h and v in steps.
 */
export function placePath(path: string, dx: number, dy: number): string {
  const tenth = (value: number): number => Math.round(value * 10);
  const text = (value: number): string => String(value / 10).replace(/^(-?)0\./, '$1.');
  const [left, top] = [tenth(dx), tenth(dy)];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  let written = '';
  let last = '';
  for (const [, command = '', parameters = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (parameters.match(/-?\d*\.?\d+(?:e[-+]?\d+)?/gi) ?? []).map(Number);
    const write = (name: string, values: readonly string[]): void => {
      // A repeated letter may be left out, and so may a blank before a minus sign (SVG 1.1, 8.3.1).
      written += (name === last ? ' ' : name) + values.join(' ');
      last = name;
    };
    if (command === 'Z' || command === 'z') {
      write('z', []);
      [x, y] = [startX, startY];
    } else if (command === 'h' || command === 'v') {
      const step = tenth(numbers[0] ?? 0);
      write(command, [text(step)]);
      if (command === 'h') x += step;
      else y += step;
    } else if (command === 'M') {
      [x, y] = [left + tenth(numbers[0] ?? 0), top + tenth(numbers[1] ?? 0)];
      [startX, startY] = [x, y];
      write('M', [text(x), text(y)]);
    } else {
      const { step, pairs } = pairsOf(command);
      for (let i = 0; i < numbers.length; i += step) {
        const values = numbers.slice(i, i + step).map((value) => String(Math.round(value * 10) / 10));
        let [toX, toY] = [x, y];
        for (const at of pairs) {
          [toX, toY] = [left + tenth(numbers[i + at] ?? 0), top + tenth(numbers[i + at + 1] ?? 0)];
          [values[at], values[at + 1]] = [text(toX - x), text(toY - y)];
        }
        write(command.toLowerCase(), values);
        [x, y] = [toX, toY];
      }
    }
  }
  return written.replace(/ -/g, '-');
}
