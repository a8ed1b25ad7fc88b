/** The view model: everything that a report shows, computed once. The renderers only arrange it. Types only. */
import type { ChartSpec } from '../drawing/spec.ts';
import type { CellDetail } from '../charts/detail.ts';
import type { EffectsSpec, Tone } from '../drawing/effects.ts';

/** The sections of a report, in the order in which they stand. */
export type SectionId =
  | 'verdict'
  | 'warnings'
  | 'elapsed'
  | 'overhead'
  | 'panels'
  | 'latency'
  | 'throughput'
  | 'cost'
  | 'lost'
  | 'inside'
  | 'order'
  | 'comparison'
  | 'tables';

export interface ServerView {
  readonly index: number;
  readonly name: string;
  /** Title, model and language in one line. */
  readonly about: string;
}

export interface ScenarioView {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly levels: readonly number[];
  /** Parameters, floor and warm-up in one line. */
  readonly about: string;
}

/** A chart versus clients (or over the run), of one scenario. */
export interface ChartView {
  /** Unique in the report, and the name of its stand-alone file. */
  readonly id: string;
  readonly section: SectionId;
  readonly scenario: number;
  readonly title: string;
  /** What is seen, for those who cannot see it. */
  readonly description: string;
  /** How the figures were measured and what lines, bands and marks mean. */
  readonly caption: string;
  readonly wide: boolean;
  readonly spec: ChartSpec;
}

/** One table: cells are texts; `sort` carries the number behind a text. */
export interface TableView {
  readonly id: string;
  readonly scenario: number | null;
  readonly caption: string;
  /** Rows begin with a sample of the server's line, as a legend. */
  readonly key: boolean;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly RowView[];
}

export interface ColumnView {
  readonly title: string;
  readonly numeric: boolean;
  /** Explanation on hover. */
  readonly about?: string;
}

export interface RowView {
  /** Index of the server that the row is about, where it is about one. */
  readonly server: number | null;
  readonly cells: readonly CellView[];
}

export interface CellView {
  readonly text: string;
  /** Second, quieter part: the interval, or the reason for a missing figure. */
  readonly note?: string;
  /** The number to sort and to export by; absent for texts and for what is missing. */
  readonly value?: number;
  /** Good or bad news, where it is either. */
  readonly tone?: Exclude<Tone, 'neutral'>;
  /** What its row is about. */
  readonly strong?: true;
}

/** Where one server stands at the highest client count that was reached. */
export interface Standings {
  readonly scenario: number;
  readonly clients: number;
  readonly table: TableView;
}

export interface VerdictView {
  readonly scenario: number;
  /** Sentences about the scenario as a whole; the first is the headline. */
  readonly lead: readonly string[];
  readonly servers: readonly { readonly server: number | null; readonly text: string }[];
}

/** A picture of effects: it is drawn once, in Node. */
export interface EffectsView {
  /** Unique in the report, and the name of its stand-alone file. */
  readonly id: string;
  readonly scenario: number | null;
  readonly title: string;
  readonly description: string;
  readonly caption: string;
  readonly spec: EffectsSpec;
}

/** Two arms compared with each other. */
export interface ComparisonView {
  readonly about: string;
  /** How often there was which outcome. */
  readonly counts: string;
  readonly remarks: readonly string[];
  /** A forest plot a metric. */
  readonly forests: readonly EffectsView[];
  /** Every launch of a duet; null for two runs, which have none. */
  readonly launches: EffectsView | null;
  readonly matrices: readonly TableView[];
  readonly notCompared: readonly string[];
}

export interface WarningView {
  readonly title: string;
  readonly message: string;
  readonly advice: string;
  readonly cells: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface ReportView {
  readonly runId: string;
  /** Date, machine and size of the run in one line. */
  readonly subtitle: string;
  /** Trial and error counts in one line. */
  readonly counts: string;
  readonly status: 'running' | 'complete' | 'aborted';
  readonly servers: readonly ServerView[];
  readonly scenarios: readonly ScenarioView[];
  readonly verdicts: readonly VerdictView[];
  readonly standings: readonly Standings[];
  readonly warnings: readonly WarningView[];
  readonly charts: readonly ChartView[];
  /** Details of single cells, by scenario, server and position of the level; null where there are none. */
  readonly details: readonly (readonly (readonly (CellDetail | null)[])[])[];
  /** null for a run that was not compared. */
  readonly comparison: ComparisonView | null;
  readonly tables: readonly TableView[];
  /** What was left out of which section, and why. */
  readonly absent: readonly {
    readonly section: SectionId;
    readonly scenario: number | null;
    readonly why: string;
  }[];
  readonly failures: readonly { readonly trial: string; readonly message: string; readonly detail: string }[];
  readonly method: readonly string[];
  readonly glossary: readonly { readonly term: string; readonly meaning: string }[];
  readonly environment: readonly { readonly title: string; readonly facts: readonly Fact[] }[];
  readonly timeSpent: readonly Fact[];
  readonly command: string;
}
