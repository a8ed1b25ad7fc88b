/** Sentences about which server is ahead for which numbers of clients, and where one overtakes another. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { crossingsOf, type Crossing } from '../statistics/estimators/crossing.ts';
import { clientRange, counted, listed, sentence } from '../text/phrases.ts';
import { competing, curveOf, type Standing } from './contest.ts';

/** Neighbouring levels with the same server ahead of all others, or with no such server. */
interface Lead {
  readonly from: number;
  readonly to: number;
  /** The one that is ahead; undefined where several are tied. */
  readonly leader: string | undefined;
  /** Servers that are among the best at every level of the range. */
  readonly throughout: readonly string[];
  /** Whether everybody who competes is among the best at every level. */
  readonly all: boolean;
}

/** One sentence for each range of clients. */
export function rangeSentences(standings: readonly Standing[]): string[] {
  const contests = standings.filter(({ leaders, behind }) => leaders.length + behind.length > 1);
  return contests.length < 2 ? [] : leadsOf(contests).map(describe);
}

function leadsOf(standings: readonly Standing[]): Lead[] {
  const leads: Lead[] = [];
  for (const { clients, leaders, behind } of standings) {
    const names = leaders.map(({ server }) => server);
    const leader = names.length === 1 ? names[0] : undefined;
    const last = leads.at(-1);
    if (last && last.leader === leader) {
      leads[leads.length - 1] = {
        ...last,
        to: clients,
        throughout: last.throughout.filter((name) => names.includes(name)),
        all: last.all && behind.length === 0,
      };
    } else leads.push({ from: clients, to: clients, leader, throughout: names, all: behind.length === 0 });
  }
  return leads;
}

function describe({ from, to, leader, throughout, all }: Lead): string {
  const where = sentence(clientRange(from, to));
  if (leader !== undefined) return `${where} ${leader} is ahead of all others.`;
  if (all) return `${where} no difference between the servers can be detected.`;
  const names =
    throughout.length === 0
      ? 'they are not the same at every level'
      : `${listed(throughout)} ${throughout.length === 1 ? 'is' : 'are'} among them throughout`;
  return `${where} no difference between the best can be detected: ${names}.`;
}

/** One sentence for every server that another one overtakes as clients are added. */
export function crossingSentences(cells: readonly Cell[], metric: MetricDefinition): string[] {
  const servers = [...Map.groupBy(competing(cells, metric), ({ server }) => server)].map(([server, own]) => ({
    server,
    curve: curveOf(own, metric),
  }));
  const overtaken = new Map<string, string[]>(servers.map(({ server }) => [server, []]));
  for (const [i, first] of servers.entries()) {
    for (const second of servers.slice(i + 1)) {
      for (const crossing of crossingsOf(first.curve, second.curve, metric.direction !== 'higher')) {
        const [winner, loser] = crossing.becomes === 'first' ? [first, second] : [second, first];
        overtaken.get(loser.server)?.push(`by ${winner.server} ${place(crossing)}`);
      }
    }
  }
  return [...overtaken].flatMap(([server, by]) =>
    by.length > 0 ? `With more clients ${server} is overtaken ${listed(by, Infinity)}.` : [],
  );
}

function place({ after, before, clients }: Crossing): string {
  // On logarithmic axes a line to or from zero meets nothing.
  const near =
    clients === null || !Number.isFinite(clients)
      ? ''
      : ` (the lines meet near ${Math.round(clients).toLocaleString('en')})`;
  return `between ${after.toLocaleString('en')} and ${counted(before, 'client')}${near}`;
}
