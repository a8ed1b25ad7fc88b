/** What the reader has chosen, and its form in the URL after `#`. */

export interface PageState {
  /** Index of the scenario, or null for all. */
  readonly scenario: number | null;
  readonly linear: boolean;
  /** Servers that are not shown, ascending. */
  readonly hidden: readonly number[];
  /** The cell in detail: index of the server and of the client count; null until one is chosen. */
  readonly cell: { readonly server: number; readonly level: number } | null;
}

/**
 * The state of a fragment such as `#scenario=1&scale=linear&hide=2.5&cell=0.8`. Parts that are not understood, or that
 * name what this report does not hold, count as not given. An ordinary fragment (`#latency`) gives the first state.
 */
export function readState(fragment: string, servers: number, scenarios: number): PageState {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const numbers = (name: string): number[] =>
    (parts.get(name) ?? '').split('.').flatMap((text) => (/^\d{1,6}$/.test(text) ? [Number(text)] : []));
  const scenario = numbers('scenario')[0] ?? 0;
  const hidden = [...new Set(numbers('hide'))].filter((server) => server < servers).sort((a, b) => a - b);
  const [server, level] = numbers('cell');
  return {
    scenario: parts.get('scenario') === 'all' ? null : scenario < scenarios ? scenario : 0,
    linear: parts.get('scale') === 'linear',
    hidden: hidden.length < servers ? hidden : [],
    cell: server !== undefined && server < servers && level !== undefined ? { server, level } : null,
  };
}

/** The fragment of a state; empty for the first one. */
export function writeState(state: PageState): string {
  const parts = [
    state.scenario === 0 ? '' : `scenario=${state.scenario ?? 'all'}`,
    state.linear ? 'scale=linear' : '',
    state.hidden.length > 0 ? `hide=${state.hidden.join('.')}` : '',
    state.cell ? `cell=${state.cell.server}.${state.cell.level}` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}
