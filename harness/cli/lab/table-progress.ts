/** Progress of a table on stderr: a live line on a terminal, what failed everywhere. */
import type { RunEvent } from '../../run/run-loop.ts';
import type { Io } from '../io.ts';

export function tableProgress(io: Io): (event: RunEvent) => void {
  const line = liveLine(io);
  return (event) => {
    if (event.kind === 'trial-started') {
      line(`  round ${event.trial.repetition}, ${event.done + 1}/${event.total}: ${event.trial.server}`);
      return;
    }
    line('');
    if (event.result.status === 'failed') {
      io.err(`failed: ${event.result.trial.server}: ${event.result.failure.message}\n`);
    }
  };
}

/** A line on a terminal that the next one replaces; nothing elsewhere. */
export function liveLine(io: Io): (text: string) => void {
  return (text) => {
    if (io.live) io.err(`\r\u001b[2K${text.slice(0, io.columns - 1)}`);
  };
}
