/** What a command has of its process: the streams that it writes to, and the signals that stop it. */
import { EXIT } from '../errors.ts';

/** stdout is data, stderr is progress and warnings. Injected, so that tests can read it. */
export interface Io {
  /** Writes to stdout as it is. */
  out(text: string): void;
  /** Writes to stderr as it is. */
  err(text: string): void;
  /** stderr is a terminal, on which a line may be drawn again. */
  readonly live: boolean;
  /** Columns of the terminal, or 80. */
  readonly columns: number;
  /** Colours are wanted on stdout (a terminal, and NO_COLOR is not set). */
  readonly colour: boolean;
}

/** A reader that has gone (`holdfast … | head`) has all it wanted. */
const READER_GONE: readonly unknown[] = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/**
 * The process's own streams. Output that nobody reads any more is dropped; where it cannot be written (a full disk),
 * the process ends with a message.
 */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (READER_GONE.includes(error.code)) return;
    stderr.write(`holdfast: Cannot write the result to standard output: ${error.message}.\n`);
    process.exit(EXIT.unfit);
  });
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    live: stderr.isTTY && env['TERM'] !== 'dumb',
    columns: stderr.columns ?? 80,
    colour: stdout.isTTY && !env['NO_COLOR'],
  };
}

/** Draws the one line of a terminal that is drawn again and again, cut to its width; '' clears it. Nothing elsewhere. */
export function liveLine(io: Pick<Io, 'err' | 'live' | 'columns'>, text: string): void {
  if (!io.live) return;
  const fitting = text.length >= io.columns ? `${text.slice(0, io.columns - 2)}…` : text;
  io.err(`\r\u001b[2K${fitting}`);
}

export interface StopSignals extends Disposable {
  /** Aborts at the first signal; its reason is the signal's name. */
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens for SIGINT and SIGTERM until disposed: the first stops cleanly, the second at once. */
export function stopSignals(io: Io): StopSignals {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: keyof typeof EXIT_CODES): void => {
    if (exitCode !== undefined) {
      // The guard of a run, if there is one, kills what is left as this process ends.
      process.exit(EXIT_CODES[name]);
    }
    exitCode = EXIT_CODES[name];
    io.err(`\n${name}: stopping. A second signal ends Holdfast at once.\n`);
    controller.abort(name);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
