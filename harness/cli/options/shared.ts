/** Options that several commands have, each declared once. */
import { choice, flag, list, required, text, whole } from './option.ts';

/** Largest seed: seeds are unsigned 32-bit numbers. */
const LARGEST_SEED = 2 ** 32 - 1;

/** @param of what the seed decides */
export function seedOption(of: string) {
  return whole(`seed of ${of} (0 to ${LARGEST_SEED})`, 0, LARGEST_SEED, 1);
}

const FORMAT = 'format of the output on stdout';

/** What goes to stdout, where it may also be Markdown. */
export type ReportFormat = 'text' | 'json' | 'markdown';

export const REPORT_FORMAT = { format: choice(FORMAT, ['text', 'json', 'markdown'], 'text') };

export const TABLE_FORMAT = { format: choice(FORMAT, ['text', 'json'], 'text') };

export const QUIET = { quiet: flag('print no progress') };

/** The folder in which runs are looked for. */
export const RUNS_FOLDER = { out: text('folder that contains the runs', 'results') };

/** Sizes of the servers of ours. */
export const SIZES = {
  workers: whole('size of the pools of threads or processes', 1, 100_000),
  slots: whole('connections that one worker serves at the same time', 0, 100_000),
  limit: whole('connections that a server serves at the same time', 0, 100_000),
  backlog: whole("length of the kernel's accept queue", 1, 100_000),
};

/** @param example a parameter as it is set */
export function parametersOption(of: 'scenario' | 'service', example: string) {
  return list(`parameter of the ${of}, such as ${example}`);
}

/** A server that is used by hand. */
export const ADDRESS = {
  port: required(whole('port of the server', 1, 65_535)),
  host: text('address of the server', '127.0.0.1'),
};

/** How often a table of the literature is measured. */
export function roundsOption(most: number) {
  return { rounds: whole('largest number of rounds; fewer if time is short', 1, 100, most) };
}
