/** The manifest of `--manifest FILE`: anybody's servers, a few lines of JSON each. */
import * as z from 'zod';
import { stopSignal } from './plan.ts';
import { positive, type Immutable } from './leaves.ts';

export type DeclaredServer = Immutable<z.infer<typeof declaredServer>>;
const declaredServer = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'a name of letters, digits, dot, dash and underscore only'),
  /** One line, cut as a shell would, or program and arguments; `{port}` stands where the port goes. */
  command: z.union([z.string(), z.array(z.string()).min(1)]),
  title: z.string().exactOptional(),
  language: z.string().exactOptional(),
  model: z.string().exactOptional(),
  /** How many clients it serves at once (1: iterative), so that the report can compare it with what a pool would do. */
  slots: positive.exactOptional(),
  stopSignal: stopSignal.exactOptional(),
});

export const serverManifestSchema = z.strictObject({ servers: z.array(declaredServer) });
