/** Runs a command line within the test's own process, where streams and signals are not the point: faster. */
import { COMMANDS } from '../../harness/cli/commands.ts';
import { parse } from '../../harness/cli/parse.ts';
import { HoldfastError } from '../../harness/errors.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As main.ts does it, without variables of the environment. */
export async function inProcess(...args: readonly string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const io = {
    out: (text: string) => void (written.stdout += text),
    err: (text: string) => void (written.stderr += text),
    live: false,
    columns: 80,
    colour: false,
  };
  try {
    const parsed = await parse(args, COMMANDS, '0.0.0', {});
    if (parsed.kind === 'text') return { ...written, stdout: parsed.text, exitCode: 0 };
    const exitCode = await parsed.run(io, new AbortController().signal);
    return { ...written, exitCode };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { ...written, stderr: error.message, exitCode: error.exitCode };
  }
}
