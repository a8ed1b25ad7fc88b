/** What the page draws with, for a test that makes it one script as the page's own is made. */
export { expressionInterpreter } from 'vega-interpreter';
export { drawChart } from '../../reports/drawing/chart.ts';
export { unpackChart } from '../../reports/page/pack.ts';
