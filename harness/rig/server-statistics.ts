/** What a server of ours says of itself as it stops: one JSON line on stdout (docs/servers/contract.md). */

/** The statistics in a server's output, or undefined where there are none (anybody's server need not print any). */
export function serverStatistics(output: string): Readonly<Record<string, unknown>> | undefined {
  for (const line of output.split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof value === 'object' && value !== null && 'event' in value && value.event === 'stats') {
      const { event: _event, ...statistics } = value;
      return statistics;
    }
  }
  return undefined;
}
