/** The verbs of the command line, in the order of the help. */
import { benchCommand } from './bench.ts';
import { chatCommand } from './chat.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { duetCommand } from './duet.ts';
import { listCommand } from './list.ts';
import { modelsCommand } from './models.ts';
import type { AnyCommand } from './options.ts';
import { reportCommand } from './report.ts';
import { serveCommand } from './serve.ts';
import { stevensCommand } from './stevens.ts';
import { topCommand } from './top.ts';
import { verdictCheckCommand } from './verdict-check.ts';

export const COMMANDS: readonly AnyCommand[] = [
  benchCommand,
  compareCommand,
  duetCommand,
  verdictCheckCommand,
  doctorCommand,
  reportCommand,
  listCommand,
  serveCommand,
  chatCommand,
  topCommand,
  stevensCommand,
  modelsCommand,
];
