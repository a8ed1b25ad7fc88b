/** What every output is. Types only. */
import type { Report } from '../view/report.ts';

/** Texts by their path in the folder of the report. */
export type Files = Readonly<Record<string, string>>;

/** One form of a report. Pure: the same report gives the same texts. */
export interface Output {
  /** What stands in the folder of the report; nothing where it has no such form. */
  readonly files?: (report: Report) => Files | Promise<Files>;
  /** What stdout shows, at most so many columns wide where the form has lines. */
  readonly print?: (report: Report, columns: number) => string;
}
