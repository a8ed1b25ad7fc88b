/** A duet as one HTML page: offline, without scripts. */
import { escapeXml } from '../drawing/text.ts';
import { contentSecurityPolicy } from './csp.ts';
import { DARK, FONT, LIGHT, variablesOf } from '../theme.ts';
import { LAUNCHES_CAPTION, launchStrip } from '../charts/launches.ts';
import { drawStrip, stripHeight } from '../drawing/strip.ts';
import { nodePainter } from '../drawing/compile.ts';
import { forestPlot } from '../charts/duet.ts';
import { VERDICT_WORDS, type DuetView, type GateRow } from '../view/duet.ts';

const RULES = `
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--ink);font:15px/1.55 ${FONT}}
header,main,footer{max-width:1000px;margin:0 auto;padding:0 28px}
header{padding-top:36px}h1{font-size:15px;font-weight:600;margin:0;color:var(--muted);overflow-wrap:anywhere}
.lead{font-size:25px;line-height:1.32;font-weight:600;letter-spacing:-.015em;margin:14px 0 8px;overflow-wrap:anywhere}
.counts{color:var(--muted);font-size:13.5px;margin:0 0 22px}
h2{font-size:19px;margin:34px 0 10px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;width:100%}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--faint);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td small{display:block;color:var(--muted);max-width:38em}
ul{padding-left:20px}li{margin:3px 0;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:minmax(120px,auto) 1fr;gap:2px 20px;font-size:13px}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
pre{font:12.5px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--raised);padding:12px 14px;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:0 0 18px}figcaption{color:var(--muted);font-size:13px;max-width:62em}
footer{color:var(--muted);font-size:13px;padding-top:20px;padding-bottom:50px}
.verdict{font-weight:600;white-space:nowrap}
.v-regression{color:var(--alarm)}.v-invalid{color:var(--alarm)}.v-inconclusive{color:var(--warn)}
.v-improvement{color:var(--k2)}.v-no-change{color:var(--accent)}
.chart{font:11.5px ${FONT};fill:var(--ink);max-width:100%;min-width:640px;height:auto;display:block}
.chart .tk{fill:var(--muted)}.chart .m{text-anchor:middle}.chart .e{text-anchor:end}
.gr{stroke:var(--faint)}.zero{stroke:var(--muted)}
.beyond{fill:var(--alarm);opacity:.07}.delta{stroke:var(--alarm);stroke-dasharray:2 3;opacity:.6}
.ci{stroke:currentColor;stroke-width:2}.dot{fill:currentColor}.vd{fill:currentColor;font-weight:600}
@media print{body{font-size:10.5pt}figure,tr{break-inside:avoid}.chart{min-width:0}}
`.trim();

export function duetPage(view: DuetView): string {
  const style = `:root{${variablesOf(LIGHT)}}\n@media (prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}\n@media print{:root{${variablesOf(LIGHT)};color-scheme:light}}\n${RULES}`;
  const title = `${VERDICT_WORDS[view.verdict]}: ${view.title}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(style, [])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Holdfast duet: ${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>Holdfast duet: <bdi>${escapeXml(view.title)}</bdi></h1>
<p class="lead v-${view.verdict}">${escapeXml(view.lead)}</p>
<p class="counts">${escapeXml(view.counts)}</p></header>
<main>
${section('Verdicts', `<div class="scroll"><table><thead><tr><th>server</th><th>metric</th><th class="n">base</th><th class="n">head</th><th class="n">head against base (95 %)</th><th>worse is</th><th class="n">launches</th><th>verdict</th></tr></thead><tbody>${view.rows.map(tableRow).join('')}</tbody></table></div>`)}
${matrix(view.rows)}
${section('Effects', figure(forestPlot(view.rows), 'Hodges–Lehmann estimate and exact 95 % interval of each gate, turned so that right is worse. Dotted: the smallest effect worth an alarm. Shaded: beyond the margin, which "no change" excludes.'))}
${section('Launches', figure(launches(view.rows), LAUNCHES_CAPTION))}
${view.remarks.length + view.notCompared.length > 0 ? section('Remarks', list([...view.remarks, ...view.notCompared.map((why) => `Not compared: ${why}`)])) : ''}
${view.errorRates.length > 0 ? section('How often this procedure errs', list(view.errorRates)) : ''}
${section('This comparison', `<dl>${view.facts.map(([name, value]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>${view.command ? `<pre>${escapeXml(view.command)}</pre>` : ''}`)}
</main>
<footer>Made by Holdfast. Plan, every launch and the comparison lie beside this page as JSON. This page loads nothing from anywhere.</footer>
</body>
</html>
`;
}

function section(title: string, content: string): string {
  return `<section><h2>${escapeXml(title)}</h2>\n${content}</section>`;
}

/** Verdicts by server and metric, where there is more than one server. */
function matrix(rows: readonly GateRow[]): string {
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  if (subjects.length < 2) return '';
  const cell = (subject: string, metric: string): string => {
    const row = rows.find((each) => each.subject === subject && each.metric === metric);
    return row ? `<td class="verdict v-${row.verdict}">${VERDICT_WORDS[row.verdict]}</td>` : '<td>–</td>';
  };
  const head = metrics.map((metric) => `<th>${escapeXml(metric)}</th>`).join('');
  const body = subjects
    .map(
      (subject) =>
        `<tr><th><bdi>${escapeXml(subject)}</bdi></th>${metrics.map((metric) => cell(subject, metric)).join('')}</tr>`,
    )
    .join('');
  return section(
    'Verdicts by server',
    `<div class="scroll"><table><thead><tr><th>server</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`,
  );
}

const WIDTH = 900;

function launches(rows: readonly GateRow[]): string {
  const spec = launchStrip(
    rows.map(({ gate, subject, metric }) => ({ gate, subject, metric, server: null })),
  );
  const height = stripHeight(spec);
  return `<svg class="chart" role="img" aria-label="${escapeXml(spec.title)}" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">${drawStrip(nodePainter(), spec, WIDTH)}</svg>`;
}

function figure(svg: string, caption: string): string {
  return `<figure><div class="scroll">${svg}</div><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeXml(item)}</li>`).join('')}</ul>`;
}

function tableRow(row: GateRow): string {
  const numbers = [row.base, row.head, row.effect]
    .map((text) => `<td class="n">${escapeXml(text)}</td>`)
    .join('');
  return (
    `<tr><th><bdi>${escapeXml(row.subject)}</bdi></th><td>${escapeXml(row.metric)}</td>${numbers}<td>${row.worse}</td>` +
    `<td class="n">${escapeXml(row.launches)}</td><td><span class="verdict v-${row.verdict}">${VERDICT_WORDS[row.verdict]}</span><small>${escapeXml(row.reason)}</small></td></tr>`
  );
}
