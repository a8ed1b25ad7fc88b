/** From Vega-Lite to Vega, once a kind and process. */
import { compile } from 'vega-lite';
import type { Painter } from './painter.ts';
import { KINDS } from './kinds.ts';

let painter: Painter | undefined;

/**
 * The painter of Node, where nothing forbids Vega to compile its expressions. One for the process: what it has drawn
 * makes the next drawing faster and not otherwise.
 *
 * @throws Error where Vega-Lite has anything to warn of: the specs do not depend on the run, so that is a mistake in them
 */
export function nodePainter(): Painter {
  painter ??= { kinds: compiledKinds(), interpreter: null, views: new Map() };
  return painter;
}

function compiledKinds(): Painter['kinds'] {
  const compiled = Object.entries(KINDS).map(([kind, spec]) => {
    // Which version of Vega it is for goes without saying where it is drawn by the Vega beside it.
    const { $schema: _, ...own } = compile(spec, { logger: strict(kind) }).spec;
    return [kind, own];
  });
  return Object.fromEntries(compiled) as Painter['kinds'];
}

type Logger = NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;

function strict(kind: string): Logger {
  const refuse = (...message: readonly (string | object)[]): never => {
    throw new Error(`the spec of the chart "${kind}" is not sound: ${message.map(String).join(' ')}`);
  };
  const logger: Logger = {
    level: () => logger,
    error: refuse,
    warn: refuse,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
