/** The page's style sheet. */
import { DARK, drawingRules, FONT, LIGHT, variablesOf } from '../theme.ts';

/** Rules that depend on how many servers and scenarios there are: filter and highlight by index, without a script. */
function indexRules(servers: number, scenarios: number): string {
  const perServer = Array.from({ length: servers }, (_, i) => [
    `body:has(#v${i}:not(:checked)) main :is([data-s="${i}"],.s${i}){display:none}`,
    `main[data-hot="${i}"] .s${i}{opacity:1}`,
    `main[data-hot="${i}"] .s${i} .o{display:inline}`,
    `main[data-hot="${i}"] tr[data-s="${i}"]{background:var(--raised)}`,
    `main[data-hot="${i}"] .sv[data-s="${i}"]{color:var(--accent)}`,
  ]);
  const perScenario = Array.from(
    { length: scenarios },
    (_, i) => `body:has(#sc${i}:checked) main [data-sc]:not([data-sc="${i}"]){display:none}`,
  );
  return [...perServer.flat(), ...perScenario].join('\n');
}

const RULES = `
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-padding-top:64px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--ink);font:15px/1.55 ${FONT}}
header,main,footer{max-width:1128px;margin:0 auto;padding:0 24px}
a{color:var(--accent)}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--surface);padding:6px 10px;z-index:9}
header{padding-top:40px;padding-bottom:8px}
h1{font-size:14px;font-weight:600;letter-spacing:.01em;margin:0 0 4px;overflow-wrap:anywhere}
.sub{color:var(--muted);font-size:13px;margin:0;overflow-wrap:anywhere}
.bar{position:sticky;top:0;z-index:5;background:var(--surface);border-bottom:1px solid var(--faint)}
.bar>div{max-width:1128px;margin:0 auto;padding:8px 24px;display:flex;flex-wrap:wrap;gap:6px 20px;align-items:center;font-size:13.5px;min-height:52px}
.tabs{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px;min-width:0}
.tabs legend{float:left;padding:5px 8px 5px 0;color:var(--muted)}
.tabs input{position:absolute;opacity:0;pointer-events:none}
.tabs label{padding:4px 11px;border-radius:6px;cursor:pointer;border:1px solid transparent;max-width:280px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tabs label:hover{background:var(--raised)}
.tabs input:checked+label{background:var(--raised);border-color:var(--line);font-weight:600}
.tabs input:focus-visible+label{outline:2px solid var(--accent);outline-offset:1px}
details.pick{position:relative}
details.pick summary{cursor:pointer;padding:4px 10px;border:1px solid var(--line);border-radius:6px;list-style:none}
details.pick summary::after{content:"";display:inline-block;border:4px solid transparent;border-top-color:currentColor;margin-left:7px;vertical-align:-3px}
details.pick[open] summary{background:var(--raised)}
details.pick>div{position:absolute;top:36px;left:0;z-index:6;background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:8px;box-shadow:0 6px 24px rgb(0 0 0/.16);max-height:70vh;overflow:auto;width:max-content;max-width:min(560px,calc(100vw - 48px))}
.pick ul{list-style:none;margin:0;padding:0;columns:2 240px}
.pick li label{display:grid;grid-template-columns:auto 1fr;gap:0 8px;align-items:center;padding:3px 8px;border-radius:5px;cursor:pointer;break-inside:avoid}
.pick li label:hover,.pick li label:focus-within{background:var(--raised)}
.pick .hint{grid-column:2;font-size:12px;line-height:1.35;overflow-wrap:anywhere}
.pick .all{margin:4px 8px 2px;display:flex;gap:8px}
button,select{font:inherit;font-size:13px;color:var(--ink);background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:3px 9px;cursor:pointer;max-width:100%}
button:hover,select:hover{background:var(--raised)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
html:not(.js) .needs-js,html:not(.js) [data-copy],html:not(.js) .chooser{visibility:hidden}
section{padding:36px 0 22px;border-top:1px solid var(--faint)}
section:first-child{border:0;padding-top:28px}
section.left-out{padding:10px 0;color:var(--muted);font-size:13.5px}
section.left-out h2{display:inline;font-size:13.5px;margin:0;font-weight:600;color:var(--muted)}
section.left-out p{display:inline;margin:0}
h2{font-size:21px;line-height:1.25;margin:0 0 14px;font-weight:650;letter-spacing:-.01em}
h2 .no{color:var(--muted);font-weight:400;margin-right:9px;font-variant-numeric:tabular-nums}
h3{font-size:15px;margin:22px 0 6px}
.of{color:var(--muted);font-size:13.5px;margin:-8px 0 10px;overflow-wrap:anywhere}
.lead{font-size:25px;line-height:1.32;font-weight:600;letter-spacing:-.015em;margin:0 0 10px;max-width:34em;overflow-wrap:anywhere;text-wrap:pretty}
.nb{white-space:nowrap}
.lead+.lead{font-size:16px;font-weight:400;letter-spacing:0;max-width:58em;margin-bottom:5px}
.each{list-style:none;margin:16px 0 0;padding:0}.each.many{columns:2 420px;column-gap:32px;font-size:14px}
.each li{padding:5px 0;break-inside:avoid;display:flex;gap:10px;overflow-wrap:anywhere}
.each li>.key{flex:none;margin-top:6px}
.each li>span{min-width:0}
.more{margin:14px 0 0}.more>summary{cursor:pointer;color:var(--accent);font-size:13.5px}
.counts{font-size:13.5px;color:var(--muted);margin:0 0 20px}
.warnings{list-style:none;margin:0;padding:0;display:grid;gap:14px}
.warnings li{border-left:3px solid var(--warn);padding:1px 0 1px 14px;overflow-wrap:anywhere;max-width:70em}
.warnings b{font-weight:600}.warnings .advice{color:var(--muted)}
.warnings small{display:block;color:var(--muted);font-size:12.5px}
figure{margin:0 0 30px;min-width:0}
figcaption{color:var(--muted);font-size:13px;line-height:1.5;max-width:62em;margin-top:6px;overflow-wrap:anywhere}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:10px 32px}
.grid .wide{grid-column:1/-1}.nothing{visibility:hidden}
.scroll{overflow-x:auto;min-width:0}
.chart{display:block;max-width:none;overflow:visible}
figure .chart{width:100%}.still .chart{min-width:760px}
html:not(.js) figure .chart{min-width:660px}html:not(.js) :is(.narrow .chart,[data-inside] .chart){min-width:440px}
.key{display:inline-block;flex:none}
.defs{position:absolute}
.s{transition:none}
main[data-hot] .s{opacity:.13}
main[data-hot] .panels .s{opacity:1}
.panels .o{display:inline}
.panels{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(228px,1fr));gap:18px 20px}
.panels li{min-width:0}
.panels .sv{font-size:13px;font-weight:600;display:flex}
.sv{display:inline-flex;gap:7px;align-items:center;min-width:0}.sv bdi{overflow-wrap:anywhere}
.chooser{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;margin:0 0 10px;font-size:13.5px}
.under{margin:14px 0 0;max-width:62em}
.hint,.which{color:var(--muted);font-size:13px}.which{margin:0 0 10px}
.table{margin:0 0 26px;position:relative}
.tools{margin:0;position:absolute;right:0;top:0;z-index:2}
.table .scroll{overflow:auto;border-bottom:1px solid var(--faint)}
.long .scroll{max-height:680px;content-visibility:auto;contain-intrinsic-height:680px}
table{border-collapse:separate;border-spacing:0;font-size:13px;width:100%}
caption{text-align:left;color:var(--muted);padding:4px 120px 10px 0;font-size:13px}
th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--faint)}
td,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.bad{color:var(--alarm);font-weight:600}td.good{color:var(--accent);font-weight:600}td.unsure{color:var(--warn);font-weight:600}
.tone-bad{color:var(--alarm)}.tone-good{color:var(--accent)}.tone-unsure{color:var(--warn)}
td.w{text-align:left;white-space:normal}
td small{display:block;color:var(--muted);font-size:.88em;font-weight:400}td small.long{white-space:normal;width:11em;margin-left:auto;overflow-wrap:anywhere}
thead th.n{white-space:normal}
thead th{position:sticky;top:0;background:var(--surface);font-weight:600;border-bottom:1px solid var(--line);vertical-align:bottom;z-index:1}
thead th button{border:0;padding:0;font:inherit;text-align:inherit;background:none}
tbody th{font-weight:500;unicode-bidi:isolate;position:sticky;left:0;background:inherit;min-width:150px;max-width:260px;overflow-wrap:anywhere}tbody th:has(.sv){min-width:190px}
tbody tr{background:var(--surface)}
.fails{list-style:none;padding:0;margin:0;display:grid;gap:10px}
.fails li{overflow-wrap:anywhere;border-left:3px solid var(--alarm);padding-left:12px}
pre,code{font:12.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--raised);padding:12px 14px;border-radius:6px;overflow:auto;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.facts{columns:2 400px;column-gap:40px}.facts>div{break-inside:avoid}.facts h3{margin-top:0}.facts>div{padding-bottom:18px}
dl{display:grid;grid-template-columns:minmax(140px,auto) 1fr;gap:2px 20px;margin:0;font-size:13px}
dt{color:var(--muted);overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere;min-width:0}
.method{max-width:66em;padding-left:20px}.method li{margin:4px 0}
.term{text-decoration:underline dotted var(--muted) 1px;text-underline-offset:3px;cursor:help}
.tip{display:none;position:fixed;inset:auto 16px 16px auto;max-width:min(420px,calc(100vw - 32px));background:var(--ink);color:var(--surface);padding:9px 12px;border-radius:7px;font:400 13px/1.45 ${FONT};white-space:normal;text-align:left;z-index:20;pointer-events:none}
.term:hover .tip,.term:focus-visible .tip{display:block}
.readout{position:absolute;pointer-events:none;background:var(--ink);color:var(--surface);padding:6px 10px;border-radius:6px;font-size:12.5px;line-height:1.4;z-index:10;max-width:320px;overflow-wrap:anywhere}
.readout b{font-weight:600}
footer{color:var(--muted);font-size:13px;padding-top:24px;padding-bottom:60px}
@media (max-width:640px){
header,main,footer,.bar>div{padding-left:16px;padding-right:16px}
.lead{font-size:20px}.bar{position:static}header{padding-top:24px}
dl{grid-template-columns:1fr}dt{margin-top:6px}
.panels{grid-template-columns:repeat(auto-fill,minmax(160px,1fr))}.panels li>.chart{width:100%;height:auto}
caption{padding-right:0;padding-top:38px}caption span{display:block;position:sticky;left:0;width:calc(100vw - 32px)}
}
@page broad{size:landscape}
@media print{
.bar,.tools,.chooser,.skip,.readout{display:none!important}
body{font-size:10.5pt}header,main,footer{max-width:none;padding:0}
section{padding-top:14pt;break-inside:auto}figure,.panels li,.warnings li,tr{break-inside:avoid}
h2,h3{break-after:avoid}.table .scroll{max-height:none;overflow:visible;content-visibility:visible}.scroll{overflow:visible}
thead th,tbody th{position:static}figure .chart{min-width:0;width:100%;height:auto}table{font-size:7.5pt}
th,td,th.n{padding:2pt 4pt 2pt 0;white-space:normal;overflow-wrap:normal}
tbody th,tbody th:has(.sv){min-width:0}.broad{page:broad}.broad table{font-size:6.4pt}.broad :is(th,td,th.n){padding:1.5pt 2pt 1.5pt 0}.broad td{white-space:nowrap}.broad td small{display:none}
caption{padding-right:0}
}
`;

/** Variables and rules; print is always light, whatever the screen was. */
export function styleSheet(servers: number, scenarios: number): string {
  return [
    `:root{${variablesOf(LIGHT)}}`,
    `@media (prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}`,
    `@media print{:root{${variablesOf(LIGHT)};color-scheme:light}}`,
    drawingRules(servers),
    RULES.trim(),
    indexRules(servers, scenarios),
  ].join('\n');
}
