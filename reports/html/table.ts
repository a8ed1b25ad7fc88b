/** Tables in the page. End tags that HTML lets one leave out are left out: a large report has thousands of cells. */
import type { CellView, ColumnView, TableView } from '../view/view.ts';
import { escapeXml } from '../drawing/text.ts';
import { scenarioAttribute, serverName, term } from './markup.ts';

/** A longer note is broken into lines, or its column would push the figures out of sight. */
const LONG = 32;

/** From so many columns on a table does not fit on an upright sheet. */
const BROAD = 10;

export function tableMarkup(table: TableView): string {
  const head = table.columns.map(headCell).join('');
  const body = table.rows.map(({ server, cells }) => {
    const row = cells.map((cell, i) =>
      i === 0
        ? `<th scope="row">${rowHead(table, server, cell.text)}`
        : bodyCell(cell, table.columns[i]?.numeric === true),
    );
    return `<tr${server === null ? '' : ` data-s="${server}"`}>${row.join('')}`;
  });
  const caption = escapeXml(table.caption);
  const kind = [
    'table',
    // In print it has a page across.
    table.columns.length > BROAD ? 'broad' : '',
    table.rows.length > 40 ? 'long' : '',
  ]
    .filter(Boolean)
    .join(' ');
  return `<div class="${kind}"${scenarioAttribute(table.scenario)}><p class="tools"><button type="button" data-copy="${table.id}">Copy as CSV</button></p><div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table id="${table.id}"><caption><span>${caption}</span></caption><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div></div>`;
}

/** The server of a row; with a sample of its line only in short tables, whose rows do not repeat it. */
function rowHead(table: TableView, server: number | null, text: string): string {
  return table.key ? serverName(server, text) : escapeXml(text);
}

function headCell(column: ColumnView): string {
  return `<th scope="col"${column.numeric ? ' class="n"' : ''}>${term(column.title, column.about)}`;
}

function bodyCell(cell: CellView, numeric: boolean): string {
  const { note: text = '' } = cell;
  // What one has to read may take several lines; a figure may not.
  const note = text ? `<small${text.length > LONG ? ' class="long"' : ''}>${escapeXml(text)}</small>` : '';
  const classes = [numeric ? '' : 'w', cell.tone ?? ''].filter(Boolean).join(' ');
  return `<td${classes ? ` class="${classes}"` : ''}>${escapeXml(cell.text)}${note}`;
}
