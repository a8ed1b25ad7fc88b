/** All outputs. Pure: no clock, no disk but the page's own sources, no process of the run. */
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

/**
 * Every output by its name: a new one is a file beside this and a line here. Each is loaded when it is needed: Vega takes
 * a while, and what draws nothing should not wait for it.
 */
const OUTPUTS = {
  json: async () => (await import('./json.ts')).json,
  text: async () => (await import('./terminal.ts')).terminal,
  markdown: async () => (await import('./markdown.ts')).markdown,
  csv: async () => (await import('./csv.ts')).csv,
  svg: async () => (await import('./svg.ts')).svg,
  html: async () => (await import('./html.ts')).html,
} as const satisfies Readonly<Record<string, () => Promise<Output>>>;

export type OutputName = keyof typeof OUTPUTS;

/** The files of a report in some of its forms, one after another: path in the report's folder, and text. */
export async function* filesOf(
  report: Report,
  outputs = Object.keys(OUTPUTS) as readonly OutputName[],
): AsyncGenerator<readonly [path: string, text: string]> {
  for (const name of outputs) {
    const output: Output = await OUTPUTS[name]();
    yield* Object.entries((await output.files?.(report)) ?? {});
  }
}

/** What stdout shows of a report in one of its forms; nothing for a form that consists of files. */
export async function printed(report: Report, name: OutputName, columns: number): Promise<string> {
  const output: Output = await OUTPUTS[name]();
  return output.print?.(report, columns) ?? '';
}
