/** Sorting and copying tables. Runs in the page. */

/**
 * The number behind a formatted figure, for sorting: of the cell's first text, in the base unit of its kind. NaN for a
 * dash. The inverse of formatFigure, to three digits.
 */
export function figureValue(text: string): number {
  const sizes: Readonly<Record<string, number>> = {
    ns: 1e-6,
    µs: 1e-3,
    ms: 1,
    s: 1e3,
    min: 6e4,
    h: 36e5,
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    '%': 0.01,
    '/s': 1,
    'k/s': 1e3,
    'M/s': 1e6,
  };
  const plain = text.replace(/−/g, '-').replace(/,/g, '');
  let value = Number.NaN;
  for (const [, number, unit = ''] of plain.matchAll(/(-?\d+(?:\.\d+)?)(?:\s+([^\s\d]+))?/g)) {
    value = (value || 0) + Number(number) * (sizes[unit] ?? 1);
    // Only a long duration has parts; in `3 of 3` the first number counts.
    if (unit !== 'h' && unit !== 'min') break;
  }
  return value;
}

/** First text of a table cell: the figure without its note. */
export function cellText(cell: Element | undefined): string {
  const name = cell?.querySelector('bdi');
  return (name ?? cell?.firstChild)?.textContent?.trim() ?? '';
}

/** Orders the rows by a column; what has no figure stays last in both directions. */
export function sortTable(table: HTMLTableElement, column: number, descending: boolean): void {
  const body = table.tBodies[0];
  if (!body) return;
  const numeric = table.tHead?.rows[0]?.cells[column]?.classList.contains('n') === true;
  const keyed = [...body.rows].map((row) => {
    const text = cellText(row.cells[column]);
    return { row, text, value: numeric ? figureValue(text) : 0 };
  });
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (!numeric) return sign * a.text.localeCompare(b.text, 'en', { numeric: true });
    if (Number.isNaN(a.value) || Number.isNaN(b.value))
      return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
    return sign * (a.value - b.value);
  });
  body.append(...keyed.map(({ row }) => row));
  for (const [i, cell] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
    if (i === column) cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  }
}

/** A table as CSV, as it stands; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function tableCsv(table: HTMLTableElement): string {
  const quote = (text: string): string => {
    const inert = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(inert) ? `"${inert.replace(/"/g, '""')}"` : inert;
  };
  return [...table.rows]
    .map((row) =>
      [...row.cells]
        .map((cell) =>
          quote(
            cell.parentElement?.parentElement?.tagName === 'THEAD'
              ? (cell.querySelector('button')?.textContent ?? '')
              : cellText(cell),
          ),
        )
        .join(','),
    )
    .join('\r\n');
}

/** Makes every column head a button that sorts, and every copy button copy. */
export function enliven(): void {
  for (const head of document.querySelectorAll<HTMLTableCellElement>('thead th')) {
    const word = head.querySelector('.term');
    const button = document.createElement('button');
    button.type = 'button';
    const text = (word ?? head).firstChild;
    if (!text) continue;
    text.replaceWith(button);
    button.append(text);
    word?.removeAttribute('tabindex');
    button.addEventListener('click', () => {
      const table = head.closest('table');
      if (table) sortTable(table, head.cellIndex, head.getAttribute('aria-sort') === 'ascending');
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.addEventListener('click', () => {
      const table = document.getElementById(button.dataset['copy'] ?? '') as HTMLTableElement | null;
      if (table)
        void copyText(tableCsv(table)).then((done) => {
          button.textContent = done ? 'Copied' : 'Copying was refused';
        });
    });
  }
}

/** Copies to the clipboard; where the browser offers no clipboard to a local file, through a selection. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
