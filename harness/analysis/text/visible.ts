/** Text that cannot hide anything, and that fits: in a terminal, in a table, in a picture. */

/**
 * The text on one line with everything that is not to be seen written out, as `[U+001B]`: control characters, which XML
 * cannot hold and terminals obey, and marks without width or of the reading direction, with which a name could hide
 * itself or rearrange the line that it stands in. Lone surrogates become U+FFFD.
 */
export function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

/** Visible text of at most `length` characters; a longer one loses its middle, so that both ends can be told. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(visible(text));
  if (characters.length <= length) return characters.join('');
  const head = Math.ceil((length - 1) * 0.6);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (length - 1 - head)).join('')}`;
}

/** Columns that a text takes in a terminal: wide scripts take two each. */
export function terminalWidth(text: string): number {
  return Array.from(text).reduce(
    (sum, c) => sum + (/\p{Mark}/u.test(c) ? 0 : (c.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1),
    0,
  );
}

/** Visible text cut in its middle to so many columns. */
export function fitColumns(text: string, columns: number): string {
  const characters = Array.from(visible(text));
  if (terminalWidth(characters.join('')) <= columns) return characters.join('');
  let head = Math.ceil(characters.length * 0.6);
  let tail = characters.length - head;
  const joined = (): string =>
    `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`;
  while ((head > 0 || tail > 0) && terminalWidth(joined()) > columns) {
    if (head >= tail) head--;
    else tail--;
  }
  return columns > 0 ? joined() : '';
}

/** Visible text broken between words into lines of at most so many columns; a longer word loses its middle. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && terminalWidth(longer) > columns) {
      lines.push(line);
      line = fitColumns(word, columns);
    } else line = fitColumns(longer, columns);
  }
  return [...lines, line];
}
