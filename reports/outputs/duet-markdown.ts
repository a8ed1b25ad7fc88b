/** A duet for a job summary. */
import { shorten, visible } from '../drawing/text.ts';
import { markdownText } from './markdown.ts';
import { VERDICT_WORDS, type DuetView } from '../view/duet.ts';

const LONGEST = 60;

export function duetMarkdown(view: DuetView): string {
  const cell = (text: string): string => markdownText(shorten(text, LONGEST));
  const list = (items: readonly string[]): string =>
    items.map((item) => `- ${markdownText(item)}`).join('\n');
  const fence = '`'.repeat(1 + Math.max(2, ...[...view.command.matchAll(/`+/g)].map(([run]) => run.length)));
  const parts = [
    `## ${markdownText(sentenceCase(VERDICT_WORDS[view.verdict]))}: ${markdownText(view.title)}`,
    `**${markdownText(view.lead)}**`,
    markdownText(view.counts),
    [
      '| server | metric | base | head | head against base (95 %) | worse is | n | SD of a launch | verdict |',
      '| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |',
      ...view.rows.map(
        (row) =>
          `| ${[row.subject, row.metric, row.base, row.head, row.effect, row.worse, row.launches, row.spread].map(cell).join(' | ')} | **${VERDICT_WORDS[row.verdict]}** |`,
      ),
    ].join('\n'),
    list(view.rows.map(({ subject, metric, reason }) => `${subject}, ${metric}: ${reason}`)),
    ...(view.remarks.length > 0 ? [list(view.remarks)] : []),
    ...(view.notCompared.length > 0 ? [list(view.notCompared.map((why) => `Not compared: ${why}`))] : []),
    ...(view.errorRates.length > 0 ? ['### How often this procedure errs', list(view.errorRates)] : []),
    ...(view.command ? ['### Compare again', `${fence}sh\n${visible(view.command)}\n${fence}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
