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

async function list(options: Values<typeof OPTIONS>, io: Io): Promise<number> {
  const servers = CATALOGUE.map((variant) => {
    const { name, title, language, model, design, mechanism, services } = variant;
    const availability = variant.available();
    return { name, title, language, model, design, mechanism, services, availability };
  });
  const scenarios = SCENARIOS.map(({ id, title, question, service, headline, parameters, metrics }) => ({
    id,
    title,
    question,
    service,
    headline,
    parameters,
    metrics,
  }));
  const wanted = {
    ...(options.what === 'scenarios' ? {} : { servers }),
    ...(options.what === 'servers' ? {} : { scenarios }),
  };
  if (options.format === 'json') {
    io.out(`${JSON.stringify(wanted, null, 2)}\n`);
    return EXIT.ok;
  }
  const parts: string[] = [];
  if (wanted.servers) {
    const missing = servers.filter(({ availability }) => !availability.ok);
    parts.push(
      table(
        ['server', 'model', 'design', 'services', 'available'],
        servers.map(({ name, model, design, services, availability }) => [
          name,
          model,
          design,
          services.join(' '),
          availability.ok ? 'yes' : 'no',
        ]),
      ),
    );
    for (const reason of new Set(
      missing.map(({ availability }) => (availability.ok ? '' : availability.reason)),
    )) {
      parts.push(`${missing.length} not available: ${reason}\n`);
    }
  }
  if (wanted.scenarios) {
    for (const { id, title, question, service, parameters } of scenarios) {
      const rows = Object.entries(parameters).map(([name, parameter]) => [
        `  --set ${name}=${defaultText(parameter)}`,
        parameter.description,
      ]);
      parts.push(`${id}: ${title} (service ${service})\n  ${question}\n${table([], rows)}`);
    }
  }
  io.out(parts.join('\n'));
  return EXIT.ok;
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
