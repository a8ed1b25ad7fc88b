#!/usr/bin/env node
/**
 * From a command line to an exit code: parse → run the command → exit code. This is the only place that sets it.
 *
 * Each command is one file in cli/commands/. Read cli/commands/bench.ts next: options → plan → trials → run → summary →
 * report, which is what the whole program is about, in one function.
 */
import { COMMANDS } from './cli/commands.ts';
import { reportDefect } from './cli/defect.ts';
import { processIo, stopSignals } from './cli/io.ts';
import { parse } from './cli/parse.ts';
import { toolVersion } from './cli/version.ts';
import { HoldfastError } from './errors.ts';

/** Runs one command line. @returns the exit code: see the table in docs/cli.md */
async function main(argv: readonly string[]): Promise<number> {
  const io = processIo();
  using stop = stopSignals(io);
  // Thrown where nobody waits for it; the guard stops the servers as this process ends.
  process.on('uncaughtException', (error) => process.exit(reportDefect(error, argv, io)));
  try {
    const parsed = await parse(argv, COMMANDS, toolVersion());
    if (parsed.kind === 'text') {
      io.out(`${parsed.text}\n`);
      return 0;
    }
    const exitCode = await parsed.run(io, stop.signal);
    return stop.exitCode ?? exitCode;
  } catch (error) {
    if (stop.exitCode !== undefined && isAbort(error, stop.signal)) return stop.exitCode;
    if (!(error instanceof HoldfastError)) return reportDefect(error, argv, io);
    io.err(`holdfast: ${error.message}\n`);
    return error.exitCode;
  }
}

/** Whether what was thrown only says that the signal came. */
function isAbort(error: unknown, { reason }: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError');
}

process.exitCode = await main(process.argv.slice(2));
