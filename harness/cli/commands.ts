/** The verbs of the command line, in the order of the help. */
import { benchCommand } from './commands/bench.ts';
import { chatCommand } from './commands/chat.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { duetCommand } from './commands/duet.ts';
import { listCommand } from './commands/list.ts';
import { microCommand } from './commands/micro.ts';
import { group, type AnyCommand } from './command.ts';
import { limitsCommand } from './lab/limits.ts';
import { modelsCommand } from './lab/models.ts';
import { orderCommand } from './lab/order.ts';
import { stevensCommand } from './lab/stevens.ts';
import { tortureCommand } from './lab/torture.ts';
import { truthCommand } from './lab/truth.ts';
import { verdictCommand } from './lab/verdict.ts';
import { reportCommand } from './commands/report.ts';
import { schemaCommand } from './commands/schema.ts';
import { serveCommand } from './commands/serve.ts';
import { topCommand } from './commands/top.ts';

/** What calibrates Holdfast itself, against the literature, a bare client and known answers. */
const LAB = [
  truthCommand,
  stevensCommand,
  modelsCommand,
  verdictCommand,
  orderCommand,
  limitsCommand,
  tortureCommand,
];

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
  group('lab', 'calibrate Holdfast itself on this machine', LAB),
];
