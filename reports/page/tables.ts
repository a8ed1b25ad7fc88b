/** Sorting and copying tables. */
import { csvLines } from '../../harness/analysis/text/csv.ts';
import { inOrder } from './orders.ts';

/** First text of a table cell: the figure without its note. */
function cellText(cell: Element | undefined): string {
  const name = cell?.querySelector('bdi');
  return (name ?? cell?.firstChild)?.textContent?.trim() ?? '';
}

/** Orders the rows by a column; what has no figure stays last in both directions. */
function sortTable(
  table: HTMLTableElement,
  rows: readonly Element[],
  order: string,
  head: HTMLTableCellElement,
): void {
  const descending = head.getAttribute('aria-sort') === 'ascending';
  table.tBodies[0]?.append(...inOrder(rows, order, descending));
  for (const other of table.tHead?.rows[0]?.cells ?? []) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
}

/** A table as CSV, as it stands. */
function tableCsv(table: HTMLTableElement): string {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(
    (cell) => cell.querySelector('button')?.textContent ?? '',
  );
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => [...row.cells].map(cellText));
  return csvLines([heads, ...rows]);
}

/** Makes every column head a button that sorts, and every copy button copy. `orders`: of the columns, by table. */
export function enlivenTables(orders: Readonly<Record<string, readonly string[]>>): void {
  for (const table of document.querySelectorAll('table')) {
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    for (const head of table.tHead?.rows[0]?.cells ?? []) {
      const word = head.querySelector('.term');
      const button = document.createElement('button');
      button.type = 'button';
      const text = (word ?? head).firstChild;
      if (!text) continue;
      text.replaceWith(button);
      button.append(text);
      word?.removeAttribute('tabindex');
      button.addEventListener('click', () =>
        sortTable(table, rows, orders[table.id]?.[head.cellIndex] ?? '', head),
      );
    }
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
async function copyText(text: string): Promise<boolean> {
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
