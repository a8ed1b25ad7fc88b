/** Sentences about which server is ahead for which numbers of clients, and where one overtakes another. */
import type { Standing, Standings } from '../../results/schema/summary.ts';
import { formatPercent } from '../text/format.ts';
import { clientRange, counted, listed, sentence } from '../text/phrases.ts';

/** Neighbouring levels with the same server ahead of all others, or with no such server. */
interface Lead {
  readonly from: number;
  readonly to: number;
  /** The one that is ahead; undefined where none is. */
  readonly leader: string | undefined;
  /** Servers that are among the best at every level of the range. */
  readonly throughout: readonly string[];
  /** Whether no two servers are told apart at any level. */
  readonly all: boolean;
  /** Whether every server takes part at every level. */
  readonly everybody: boolean;
}

/** One sentence for each range of clients. */
export function rangeSentences(levels: readonly Standing[]): string[] {
  const contests = levels.filter(({ resolution }) => resolution !== null);
  return contests.length < 2 ? [] : leadsOf(contests).map(describe);
}

function leadsOf(levels: readonly Standing[]): Lead[] {
  const leads: Lead[] = [];
  for (const { clients, best, behind, unplaced, notCompared } of levels) {
    const leader = best.length === 1 && unplaced.length === 0 ? best[0] : undefined;
    const all = behind.length === 0;
    const everybody = notCompared.length === 0;
    const last = leads.at(-1);
    if (last && last.leader === leader) {
      leads[leads.length - 1] = {
        ...last,
        to: clients,
        throughout: last.throughout.filter((name) => best.includes(name)),
        all: last.all && all,
        everybody: last.everybody && everybody,
      };
    } else leads.push({ from: clients, to: clients, leader, throughout: best, all, everybody });
  }
  return leads;
}

function describe({ from, to, leader, throughout, all, everybody }: Lead): string {
  const where = sentence(clientRange(from, to));
  const compared = everybody ? '' : ' that are compared';
  if (leader !== undefined) return `${where} ${leader} is ahead of all others${compared}.`;
  if (all) return `${where} no server${compared.replace('are', 'is')} can be told from the best.`;
  const names =
    throughout.length === 0
      ? 'the best are not the same at every level'
      : `${listed(throughout)} ${throughout.length === 1 ? 'is' : 'are'} among the best throughout`;
  return `${where} no server is ahead of all others: ${names}.`;
}

/**
 * Who is ahead over all levels together. None where nobody is told from the best, or where the best is ahead at every
 * level anyway. Of two that overtake each other an average says nothing.
 */
export function overallSentence({ overall, levels: each, overtakings }: Standings): string[] {
  if (!overall) return [];
  const { best, unplaced, ratios, ratio, levels } = overall;
  const [first = ''] = best;
  const crossing = new Set(
    overtakings.flatMap(({ server, by }) => (by === first ? server : server === first ? by : [])),
  );
  const behind = overall.behind.filter((server) => !crossing.has(server));
  const everywhere = each.every(
    ({ best: [top, ...others], unplaced: open, resolution }) =>
      resolution === null || (top === first && others.length + open.length === 0),
  );
  if (behind.length === 0 || everywhere) return [];
  const open = [...best.slice(1), ...unplaced];
  const factor = (server: string): string => `${server} (${formatFactor(ratios[server] ?? 1)})`;
  const untold = open.length > 0 ? `; ${listed(open)} cannot be told from it` : '';
  return [
    `Over all ${levels} levels together ${first} is best on average; behind it: ${listed(behind.map(factor))}${untold}. ` +
      `Differences from ${formatPercent(ratio - 1, 2)} on can be told here.`,
  ];
}

/** One sentence for every server that another one overtakes as clients are added. */
export function overtakingSentences({ overtakings }: Standings): string[] {
  return [...Map.groupBy(overtakings, ({ server }) => server)].map(([server, by]) => {
    const times = by.map(
      ({ by: other, after, before, near }) =>
        `by ${other} between ${after.toLocaleString('en')} and ${counted(before, 'client')} ` +
        `(the lines meet near ${Math.round(near).toLocaleString('en')})`,
    );
    return `With more clients ${server} is overtaken ${listed(times, Infinity)}.`;
  });
}

/** `worse by 12 %`, `worse by a factor of 3.2`. */
function formatFactor(ratio: number): string {
  return ratio < 2
    ? `worse by ${formatPercent(ratio - 1, 2)}`
    : `worse by a factor of ${Number(ratio.toPrecision(2))}`;
}
