/** The product's own files, and what they import of each other. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Files from the root whose imports are read: those of the product, or those of the tests. */
export function filesOf(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT }).toSorted();
}

export const PRODUCT = filesOf('{harness,servers,scenarios,reports}/**/*.ts');

export function sourceOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

export interface Import {
  /** A path from the root for a file of ours, the name of a package for another. */
  readonly to: string;
  /** For its types only, as the file is loaded, or by import() later on. */
  readonly when: 'types-only' | 'at-once' | 'lazily';
  /** The names as they are exported there; all of them where they cannot be told one by one. */
  readonly names: readonly string[] | 'all';
}

const STATED = /^(import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s+)?'([^']+)';/gm;
/** import(`./models/variants/${name}.ts`) may load any file there. */
const ANY_OF = /\bimport\(\s*`(\.[^`]+)`\s*\)/g;
const LAZY = /(?:const\s+\{([^}]*)\}\s*=\s*(?:\(?\s*await\s+)?)?(typeof )?\bimport\(\s*'([^']+)'\s*\)/g;

/** What a file imports or passes on, dynamic imports included. */
export function importsOf(file: string): Import[] {
  const source = sourceOf(file);
  const target = (path: string): string =>
    path.startsWith('.')
      ? normalize(join(dirname(file), path))
      : path.replace(/^(@[^/]+\/[^/]+|[^/]+).*/, '$1');
  return [
    ...[...source.matchAll(STATED)].map(([, , type, clause = '', path = '']): Import => ({
      to: target(path),
      when: type === undefined ? 'at-once' : 'types-only',
      names: namesIn(clause),
    })),
    ...[...source.matchAll(LAZY)].map(([, names, type, path = '']): Import => ({
      to: target(path),
      when: type === undefined ? 'lazily' : 'types-only',
      names: names === undefined ? 'all' : namesIn(`{${names}}`),
    })),
    ...[...source.matchAll(ANY_OF)].flatMap(([, path = '']) =>
      filesOf(target(path.replaceAll(/\$\{[^}]*\}/g, '*'))).map((to): Import => ({
        to,
        when: 'lazily',
        names: 'all',
      })),
    ),
  ];
}

/** The names of an import clause: `{ a, type B as C }` has a and B, `name` is the default, `* as all` is all. */
function namesIn(clause: string): readonly string[] | 'all' {
  if (clause.includes('*')) return 'all';
  const braces = /\{([^]*)\}/.exec(clause)?.[1] ?? '';
  const named = braces.split(',').map(
    (part) =>
      part
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+|:/)[0] ?? '',
  );
  const hasDefault = clause.replace(/\{[^]*\}/, '').replace(/[\s,]/g, '') !== '';
  return [...named.filter(Boolean), ...(hasDefault ? ['default'] : [])];
}

/** The names that a file defines for others; what it only passes on is defined elsewhere. */
export function exportsOf(file: string): string[] {
  const defined = sourceOf(file).matchAll(
    /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm,
  );
  return [...new Set([...defined].map(([, name = '']) => name))];
}
