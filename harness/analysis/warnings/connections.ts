/** Connections that the kernel, not the server, kept waiting or refused. */
import type { ErrorKind } from '../../results/schema/load.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { counted } from '../text/phrases.ts';
import { affected, inTrials } from './affected.ts';

/**
 * A full accept queue: the kernel drops the client's handshake, which is sent again after 1 s, 3 s and 7 s. (The
 * counters are those of the network namespace, so that strangers on it may add to them.)
 */
export function backlog(cells: readonly CellTrials[]): Warning | undefined {
  const hit = affected(cells, keptWaiting);
  if (!hit) return undefined;
  const sum = (counter: 'listenOverflows' | 'synRetransmits') =>
    hit.trials.reduce((total, { kernel }) => total + (kernel[counter] ?? 0), 0);
  return {
    code: 'backlog',
    message:
      `The accept queue was full ${inTrials(hit)}: ${counted(sum('listenOverflows'), 'overflow')}, ` +
      `${counted(sum('synRetransmits'), 'handshake')} sent again after 1 s or more. The latency there is the ` +
      "backlog's, not the server's.",
    advice: 'Raise --backlog and net.core.somaxconn, or read these cells as what a full backlog does.',
    cells: hit.cells,
  };
}

/** Whether clients of a trial waited for the kernel to send a handshake again. */
export function keptWaiting({ kernel }: CompletedTrial): boolean {
  return (kernel.synRetransmits ?? 0) > 0 || (kernel.listenOverflows ?? 0) > 0;
}

/** The generator itself ran out of descriptors or of client ports. */
export function exhausted(cells: readonly CellTrials[]): Warning[] {
  return [
    ...outOf(cells, 'descriptors', {
      code: 'file-limit',
      advice: 'Raise the limit of open files in this shell (ulimit -n), or drive fewer clients.',
    }),
    ...outOf(cells, 'ports', {
      code: 'generator-limited',
      advice: 'Wait a minute for TIME_WAIT to pass, or widen net.ipv4.ip_local_port_range.',
    }),
  ];
}

function outOf(
  cells: readonly CellTrials[],
  kind: Extract<ErrorKind, 'descriptors' | 'ports'>,
  { code, advice }: Pick<Warning, 'code' | 'advice'>,
): Warning[] {
  const errors = ({ load }: CompletedTrial) =>
    (load.connects.errors[kind] ?? 0) + (load.exchanges.errors[kind] ?? 0);
  const hit = affected(cells, (trial) => errors(trial) > 0);
  if (!hit) return [];
  const count = hit.trials.reduce((sum, trial) => sum + errors(trial), 0);
  const message = `The load generator ran out of ${kind} ${counted(count, 'time')} ${inTrials(hit)}: those clients failed through no fault of the server.`;
  return [{ code, message, advice, cells: hit.cells }];
}
