/** Revisions of the project: what a name stands for, and whether two of them differ in anything that is measured. */
import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { UsageError } from '../../errors.ts';

/** A commit of the project's repository. */
export interface Revision {
  /** As it was asked for. */
  readonly ref: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Over the git objects of what is measured: equal hashes are equal builds. */
  readonly contentHash: string;
}

/** Runs git in a folder. @returns what it printed, or why it failed */
async function git(
  folder: string,
  ...words: readonly string[]
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const { exitCode, stdout, stderr, shortMessage } = await execa('git', ['-C', folder, ...words], {
    reject: false,
    stdin: 'ignore',
  });
  return exitCode === 0
    ? { ok: true, text: stdout }
    : { ok: false, text: stderr.trim() || (shortMessage ?? '') };
}

/**
 * Finds a revision.
 *
 * @param option for the message: `--base`
 * @param paths what is measured, relative to the repository
 * @throws UsageError when the folder is no repository, or there is no such revision in it
 */
export async function findRevision(
  repository: string,
  option: string,
  ref: string,
  paths: readonly string[],
): Promise<Revision> {
  const found = await objectOf(repository, `${ref}^{commit}`);
  if (!found.ok) {
    const inside = await git(repository, 'rev-parse', '--git-dir');
    throw new UsageError(
      inside.ok
        ? `${option} ${ref}: there is no such revision in this repository. Fetch it (a shallow clone has only one commit: git fetch --unshallow), or name another.`
        : `${option} ${ref}: ${repository} is not a git repository. Compare two commands with --base-command and --head-command.`,
    );
  }
  const commit = found.text.trim();
  const hash = createHash('sha256');
  for (const path of paths) {
    // A path that this revision does not have counts as empty.
    const object = await objectOf(repository, `${commit}:${path}`);
    hash.update(`${path} ${object.ok ? object.text.trim() : '-'}\n`);
  }
  return { ref, commit, contentHash: hash.digest('hex') };
}

/** The hash of the git object of that name. */
function objectOf(repository: string, name: string) {
  return git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', name);
}

/**
 * The repository that a file lies in, and its path there. The file itself need not be there.
 *
 * @throws UsageError where it lies in none
 */
export async function repositoryOf(
  file: string,
): Promise<{ readonly repository: string; readonly path: string }> {
  const folder = dirname(resolve(file));
  const found = await git(folder, 'rev-parse', '--show-toplevel', '--show-prefix');
  if (!found.ok) {
    throw new UsageError(
      `${file} is not in a git repository. Compare two folders with --base-dir and --head-dir.`,
    );
  }
  const [repository = '', prefix = ''] = found.text.split('\n');
  return { repository, path: `${prefix}${basename(file)}` };
}

/** A note on the files and new folders that are not as in HEAD; none where there are none, or where that cannot be told. */
export async function uncommittedNote(repository: string): Promise<string[]> {
  const status = await git(repository, 'status', '--porcelain', '--untracked-files=normal');
  const files = status.ok ? status.text.split('\n').filter((line) => line !== '').length : 0;
  if (files === 0) return [];
  const [s, are] = files === 1 ? ['', 'is'] : ['s', 'are'];
  return [`The working tree has ${files} changed file${s} that ${are} not committed and not measured.`];
}

/** Checks a commit out into a folder that does not exist yet. @throws UsageError with what git said */
export async function addWorktree(repository: string, folder: string, commit: string): Promise<void> {
  const added = await git(repository, 'worktree', 'add', '--detach', '--force', folder, commit);
  if (!added.ok)
    throw new UsageError(`Cannot check out ${commit.slice(0, 12)} into ${folder}: ${added.text}`);
}

/** Makes git forget worktrees whose folders are gone. */
export async function forgetWorktrees(repository: string): Promise<void> {
  await git(repository, 'worktree', 'prune');
}
