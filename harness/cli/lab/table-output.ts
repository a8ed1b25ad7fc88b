/** What every table of the lab writes: progress on stderr, the table and where it was measured on stdout. */
import { EXIT, type ExitCode } from '../../errors.ts';
import type { MeasuredHere } from '../../lab/lab.ts';
import type { LabEvent } from '../../lab/rounds.ts';
import type { Cores } from '../../rig/cores.ts';
import { liveLine, type Io } from '../io.ts';

/** A live line on a terminal; what failed is told everywhere. */
export function tableProgress(io: Io): (event: LabEvent) => void {
  return (event) => {
    if (event.kind === 'failed') {
      liveLine(io, '');
      io.err(`failed: ${event.failure}\n`);
      return;
    }
    const { round, done, total, arm } = event;
    liveLine(io, `  round ${round}, ${done + 1}/${total}: ${arm}`);
  };
}

/** Writes a table to stdout, as text or with these fields as JSON. @returns 1 where a measurement failed */
export function writeTable(
  { rounds, cores, failures }: MeasuredHere<unknown>,
  { format, text, fields }: { format: 'text' | 'json'; text: string; fields: object },
  io: Io,
): ExitCode {
  liveLine(io, '');
  io.out(
    format === 'json'
      ? `${JSON.stringify({ ...fields, rounds, cores, failures }, null, 2)}\n`
      : `${text}\n${whereItRan(cores)}\n`,
  );
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}

function whereItRan(cores: Cores | undefined): string {
  return cores
    ? `Server on core ${cores.server}, clients on core ${cores.clients}.`
    : 'Server and clients shared their cores (only one core, or no taskset) and disturbed each other.';
}
