/** SIGINT and SIGTERM: the first stops cleanly, the second at once. */
import type { Io } from './io.ts';

export interface StopSignals extends Disposable {
  /** Aborts at the first signal; its reason is the signal's name. */
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens for the signals until disposed. */
export function stopSignals(io: Io): StopSignals {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (exitCode !== undefined) {
      // The guard of a run, if there is one, kills what is left as this process ends.
      process.exit(EXIT_CODES[name]);
    }
    exitCode = EXIT_CODES[name];
    io.err(`\n${name}: stopping. A second signal ends Holdfast at once.\n`);
    controller.abort(name);
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
