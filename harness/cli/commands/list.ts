/** `holdfast list`: the servers and scenarios there are, and which can run here. */
import { SCENARIOS } from '../../../scenarios/catalogue.ts';
import { CATALOGUE } from '../../../servers/catalogue.ts';
import { EXIT } from '../../errors.ts';
import { formatDuration } from '../../scenario/duration.ts';
import type { Parameter } from '../../scenario/parameter.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { choice, positional, type Values } from '../options/option.ts';
import { TABLE_FORMAT } from '../options/shared.ts';
import { table } from '../../analysis/text/table.ts';

const OPTIONS = {
  what: positional(choice('what to list', ['servers', 'scenarios', 'all'], 'all')),
  ...TABLE_FORMAT,
};

async function list({ what, format }: Values<typeof OPTIONS>, io: Io): Promise<number> {
  const servers = what === 'scenarios' ? undefined : CATALOGUE.map(serverOf);
  const scenarios = what === 'servers' ? undefined : SCENARIOS.map(scenarioOf);
  if (format === 'json') io.out(`${JSON.stringify({ servers, scenarios }, null, 2)}\n`);
  else io.out([...(servers ? serversText(servers) : []), ...(scenarios ?? []).map(scenarioText)].join('\n'));
  return EXIT.ok;
}

function serverOf(variant: (typeof CATALOGUE)[number]) {
  const { name, title, language, model, design, mechanism, services } = variant;
  return { name, title, language, model, design, mechanism, services, availability: variant.available() };
}

function scenarioOf(scenario: (typeof SCENARIOS)[number]) {
  const { id, title, question, service, headline, parameters, metrics } = scenario;
  return { id, title, question, service, headline, parameters, metrics };
}

/** A table of the servers, and why some are not available. */
function serversText(servers: readonly ReturnType<typeof serverOf>[]): string[] {
  const rows = servers.map(({ name, model, design, services, availability }) => [
    name,
    model,
    design,
    services.join(' '),
    availability.ok ? 'yes' : 'no',
  ]);
  const missing = servers.flatMap(({ availability }) => (availability.ok ? [] : availability.reason));
  return [
    table(['server', 'model', 'design', 'services', 'available'], rows),
    ...[...new Set(missing)].map((reason) => `${missing.length} not available: ${reason}\n`),
  ];
}

function scenarioText({ id, title, question, service, parameters }: ReturnType<typeof scenarioOf>): string {
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    `  --set ${name}=${defaultText(parameter)}`,
    parameter.description,
  ]);
  return `${id}: ${title} (service ${service})\n  ${question}\n${table([], rows)}`;
}

function defaultText(parameter: Parameter): string {
  return parameter.kind === 'duration'
    ? formatDuration(parameter.default).replace(' ', '')
    : String(parameter.default);
}

export const listCommand = command({
  usage: 'list [what]',
  describe: 'list servers and scenarios',
  examples: [
    ['list servers', 'models, designs, services, availability'],
    ['list scenarios --format json', 'parameters and metrics, for programs'],
  ],
  options: OPTIONS,
  run: list,
});
