/** The verbs of the command line, in the order of the help. */
import { benchCommand } from './commands/bench.ts';
import { chatCommand } from './commands/chat.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { duetCommand } from './commands/duet.ts';
import { listCommand } from './commands/list.ts';
import { microCommand } from './commands/micro.ts';
import { labCommand } from './lab/lab.ts';
import type { AnyCommand } from './command.ts';
import { reportCommand } from './commands/report.ts';
import { schemaCommand } from './commands/schema.ts';
import { serveCommand } from './commands/serve.ts';
import { topCommand } from './commands/top.ts';

export const COMMANDS: readonly AnyCommand[] = [
  benchCommand,
  compareCommand,
  duetCommand,
  microCommand,
  doctorCommand,
  reportCommand,
  listCommand,
  schemaCommand,
  serveCommand,
  chatCommand,
  topCommand,
  labCommand,
];
