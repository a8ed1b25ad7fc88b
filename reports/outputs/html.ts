/** A report as one page: offline, readable without scripts. Two runs compared are a section in the page of a run. */
import { duetPage } from '../html/duet.ts';
import { reportPage } from '../html/page.ts';
import { pageScripts } from '../html/script.ts';
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

export const html = {
  files: async (report: Report) => {
    switch (report.kind) {
      case 'run':
        return { 'report.html': reportPage(report.view, await pageScripts()) };
      case 'duet':
        return { 'report.html': duetPage(report.view) };
      case 'comparison':
        return {};
    }
  },
} satisfies Output;
