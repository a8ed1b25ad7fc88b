/** `holdfast lab`: what calibrates Holdfast itself, against the literature, a bare client and known answers. */
import { group } from '../command.ts';
import { limitsCommand } from './limits.ts';
import { modelsCommand } from './models.ts';
import { stevensCommand } from './stevens.ts';
import { verdictCommand } from './verdict.ts';

export const labCommand = group('lab', 'calibrate Holdfast itself on this machine', [
  stevensCommand,
  modelsCommand,
  verdictCommand,
  limitsCommand,
]);
