/** Where builds are made and lie: git worktrees in a temporary folder, gone when it is disposed of. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { UnfitError, UsageError } from '../../errors.ts';
import { addWorktree, forgetWorktrees, type Revision } from './revision.ts';

/** The builds of a duet. `copy` is the base once more, for the control. */
export type BuildName = 'base' | 'head' | 'copy';

/** Folders that a launch runs in: names of equal length, since the length of a path shifts what lies behind it in memory. */
const PLACES = ['a', 'b'] as const;

/** Of the temporary folder; the id of the process that uses it follows. */
const PREFIX = 'holdfast-duet-';

/** Last lines of a failed step that its error repeats. */
const TAIL_LINES = 12;

export interface WorkshopOptions {
  /** The project's repository, whose installed dependencies serve every build with the same lockfile. */
  readonly repository: string;
  /** Build the servers in C too. */
  readonly native: boolean;
  /** A file of benchmarks that is run on both builds, relative to the repository, which then may be anybody's. */
  readonly file?: string | undefined;
  readonly onStep: (text: string) => void;
}

export class Workshop implements AsyncDisposable {
  readonly folder: string;
  readonly #options: WorkshopOptions;
  readonly #at = new Map<BuildName, string>();

  constructor(options: WorkshopOptions) {
    this.#options = options;
    removeLeftovers();
    this.folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  }

  /** Checks a revision out and builds it. @throws UnfitError that names the revision and the step that failed */
  async build(name: BuildName, revision: Revision, signal: AbortSignal): Promise<void> {
    const { repository, native, file, onStep } = this.#options;
    const folder = join(this.folder, `of-${name}`);
    onStep(`building ${name}: ${revision.ref} (${revision.commit.slice(0, 12)})`);
    await addWorktree(repository, folder, revision.commit);
    this.#at.set(name, folder);
    const what = `The ${name} ${revision.ref} (${revision.commit.slice(0, 12)})`;
    if (file === undefined && !existsSync(join(folder, 'package.json'))) {
      throw new UnfitError(
        `${what} does not build: it has no package.json. Name a revision of this project.`,
      );
    }
    const lockfile = (of: string): string => textOf(join(of, 'package-lock.json'));
    if (lockfile(folder) === lockfile(repository)) {
      symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    } else {
      await step(what, folder, ['npm', 'ci', '--no-audit', '--no-fund'], signal);
    }
    // Files that were just checked out are newer than the linked modules: make would install these anew, through the link.
    const installed = ['-o', 'node_modules/.package-lock.json'];
    if (native) await step(what, folder, ['make', ...installed, 'servers'], signal);
  }

  /**
   * Gives the base a file of the head that it does not have.
   *
   * @returns whether the base did not have it
   * @throws UsageError where the head does not have it either
   */
  lend(file: string): boolean {
    const lent = join(this.where('head'), file);
    if (!existsSync(lent)) throw new UsageError(`${file} does not exist in the head. Commit it first.`);
    const lacking = [...this.#at.values()].filter((folder) => !existsSync(join(folder, file)));
    for (const folder of lacking) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(lent, join(folder, file));
    }
    return lacking.length > 0;
  }

  /** Moves two builds to where they are measured, and the third out of the way. */
  place(measured: readonly BuildName[]): void {
    for (const name of this.#at.keys()) this.#move(name, `of-${name}`);
    for (const [i, name] of measured.entries()) this.#move(name, PLACES[i]!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await forgetWorktrees(this.#options.repository);
  }

  /** The folder of a build. */
  where(name: BuildName): string {
    const path = this.#at.get(name);
    if (path === undefined) throw new Error(`the workshop has not built ${name}`);
    return path;
  }

  #move(name: BuildName, folder: string): void {
    const [from, to] = [this.where(name), join(this.folder, folder)];
    if (from !== to) renameSync(from, to);
    this.#at.set(name, to);
  }
}

/** Folders of a process that was killed before it could remove them. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: theirs to remove.
    }
  }
}

/** Runs one step of a build. @throws UnfitError with its last words, the signal's reason when aborted */
async function step(
  what: string,
  folder: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const [program = '', ...words] = command;
  const { exitCode, all, shortMessage } = await execa(program, words, {
    cwd: folder,
    env: { PATH: [join(folder, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter) },
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: signal,
    forceKillAfterDelay: 2000,
  });
  signal.throwIfAborted();
  if (exitCode === 0) return;
  const tail = (all ?? '').trim().split('\n').slice(-TAIL_LINES).join('\n');
  throw new UnfitError(
    `${what} does not build: "${command.join(' ')}" failed (${exitCode === undefined ? (shortMessage ?? 'not started') : `exit code ${exitCode}`}).\n${tail}`,
  );
}

/** Empty where there is no such file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
