/** `holdfast serve`: one server by hand, in the foreground, until Ctrl-C. */
import { CATALOGUE, findVariant } from '../../../servers/catalogue.ts';
import { EXIT, UnfitError, UsageError, didYouMean } from '../../errors.ts';
import { openRig } from '../../rig/rig.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { given, positional, required, text, whole, type Values } from '../options/option.ts';
import { parametersOption, SIZES } from '../options/shared.ts';

/**
 * Anybody may connect: a server whose workers all wait for silent clients would serve nobody else. Only who listens to a
 * chat may be silent for long.
 */
const IDLE_MS = 60_000;

const OPTIONS = {
  name: positional(required(text('name of the server; see "holdfast list servers"'))),
  service: text('service to run', 'echo'),
  port: whole('port to listen on; 0: any free port, which the ready line names', 0, 65_535, 0),
  host: text('address to listen on', '127.0.0.1'),
  set: parametersOption('service', 'raw=true'),
  ...SIZES,
  patience: whole('waiting period after which an unserved client is turned away, in ms', 0, 86_400_000),
  idle: whole('silence after which a connection is closed, in ms; 0: never', 0, 86_400_000),
};

async function serve(options: Values<typeof OPTIONS>, _io: Io, signal: AbortSignal): Promise<number> {
  const variant = findVariant(options.name);
  if (!variant) {
    const names = CATALOGUE.map(({ name }) => name);
    throw new UsageError(`There is no server "${options.name}"${didYouMean(options.name, names)}`);
  }
  const availability = variant.available();
  if (!availability.ok) throw new UnfitError(`${variant.name} is not available here: ${availability.reason}`);
  const service = variant.services.find((name) => name === options.service);
  if (!service) {
    throw new UsageError(
      `${variant.name} has no service "${options.service}"${didYouMean(options.service, variant.services)}`,
    );
  }
  const { host, port, workers, slots, limit, backlog, patience, idle } = options;
  const command = variant.command({
    service,
    host,
    port,
    idleMs: idle ?? (service === 'chat' ? 0 : IDLE_MS),
    set: Object.fromEntries(options.set.map(setting)),
    ...given({ workers, slots, limit, backlog, patienceMs: patience }),
  });
  await using rig = openRig();
  const server = await rig.startInForeground({ name: variant.name, command });
  signal.addEventListener('abort', () => server.askToStop(), { once: true });
  const end = await server.exited;
  return end.kind === 'exited' ? end.exitCode : EXIT.failed;
}

/** `name=value`; a bare name is true. */
function setting(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, 'true'] : [text.slice(0, at), text.slice(at + 1)];
}

export const serveCommand = command({
  usage: 'serve <name>',
  describe: 'run one server in the foreground',
  examples: [['serve ts-loop --service echo --port 9000 --set raw=true', 'then: nc 127.0.0.1 9000']],
  options: OPTIONS,
  run: serve,
});
