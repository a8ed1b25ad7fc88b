/** Every service by name: where its module is and what it needs of a model. Data only, so that reading it is cheap. */

/** What a model must be able to do for a service. */
export interface Needs {
  /** Several connections must be served at the same time, or nothing moves. */
  readonly concurrency?: boolean;
  /** Workers must hear of each other. */
  readonly bus?: boolean;
  /** A folder for its files. */
  readonly folder?: boolean;
}

export interface ServiceEntry {
  /** URL of the module, which exports a `ServiceModule` as `service`. */
  readonly module: string;
  readonly needs: Needs;
  /** Languages that it is written in. */
  readonly languages: readonly Language[];
}

export type Language = 'ts' | 'c';

const entry = (
  file: string,
  needs: Needs = {},
  languages: readonly Language[] = ['ts', 'c'],
): ServiceEntry => ({
  module: new URL(file, import.meta.url).href,
  needs,
  languages,
});

export const SERVICES = {
  echo: entry('echo.ts'),
  session: entry('session.ts'),
  work: entry('work.ts'),
  stevens: entry('stevens.ts'),
  names: entry('../systems/names/names.ts', {}, ['ts']),
  counter: entry('../systems/counter/counter.ts', {}, ['ts']),
  cookie: entry('../systems/cookie/cookie.ts', {}, ['ts']),
  http: entry('http.ts', {}, ['ts']),
  nested: entry('../systems/nested/nested.ts', {}, ['ts']),
  chat: entry('../systems/chat/chat.ts', { concurrency: true, bus: true }),
  topn: entry('../systems/topn/topn.ts', { folder: true }),
} as const satisfies Record<string, ServiceEntry>;

export type ServiceName = keyof typeof SERVICES;
