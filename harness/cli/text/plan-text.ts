/** The plan in words: what will be measured, in which order, and how long that will take. */
import { estimatePlan } from '../../plan/estimate.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import { formatDuration } from '../../scenario/duration.ts';

/** A few lines for people; ends with a line end. */
export function describePlan(plan: Plan, finished: readonly TrialResult[]): string {
  const done = new Set(finished.map(({ trial }) => trial.index));
  const left = estimatePlan(plan).reduce((sum, ms, i) => sum + (done.has(i) ? 0 : ms), 0);
  const cells = plan.servers.length * plan.scenarios.length * plan.clients.length;
  const lines = [
    ['servers', plan.servers.map(({ name }) => name).join(', ')],
    ...plan.scenarios.map((scenario) => [
      'scenario',
      `${scenario.id}: ${Object.entries(scenario.parameters)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
    ]),
    [
      'clients',
      plan.clients.join(', ') + (plan.rampMs > 0 ? `, starting over ${formatDuration(plan.rampMs)}` : ''),
    ],
    [
      'trials',
      `${plan.trials.length} (${cells} cells × ${plan.trialsPerCell}), order from seed ${plan.seed}` +
        (done.size > 0 ? `; ${done.size} are finished` : ''),
    ],
    ['time', `about ${formatDuration(Math.max(1000, Math.round(left / 1000) * 1000))}`],
  ];
  return `${lines.map(([label, text]) => `${(label ?? '').padEnd(9)}${text}`).join('\n')}\n`;
}
