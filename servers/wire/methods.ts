/**
 * The one table of the wire protocol (docs/servers/wire.md): what may be called, with which fields, and the numbers on the wire.
 * TypeScript types, marshalling and the C header are all derived from it, so nothing is written down twice.
 */

/** Version of the protocol; a frame of another version is a bad frame. */
export const VERSION = 1;

/** Largest value of a frame's length field: header rest and body, in bytes. */
export const MAX_FRAME_BYTES = 1_048_576;

/** Bytes that the length field counts before the body: version, kind, method, call id. */
export const HEADER_BYTES = 8;

/** Bytes of the length field itself. */
export const LENGTH_BYTES = 4;

export const KINDS = { request: 1, reply: 2, event: 3, error: 4, chunk: 5, end: 6 } as const;

export const ERROR_CODES = {
  'bad-frame': 1,
  'unknown-method': 2,
  'bad-argument': 3,
  busy: 4,
  deadline: 5,
  'not-found': 6,
  'bad-signature': 7,
  internal: 8,
  taken: 9,
} as const;

export type ErrorName = keyof typeof ERROR_CODES;

/** A field of one value. `i64` is a bigint in TypeScript. */
export type Scalar = 'u32' | 'i64' | 'string' | 'bytes';

/** A field's type; the elements of a list are single values or records of fields. */
export type Field = Scalar | { readonly list: Scalar | Fields };

/** Named fields in the order in which they stand on the wire. */
export interface Fields {
  readonly [name: string]: Field;
}

export interface Method {
  /** Method number of the frame header, 1 to 65,535. */
  readonly id: number;
  readonly request: Fields;
  readonly reply: Fields;
  /** What others are told of it, unasked. */
  readonly event?: Fields;
  /** Parts that come before the reply, each in a frame of kind `chunk`; the reply itself is of kind `end` then. */
  readonly chunk?: Fields;
}

export const METHODS = {
  echo: { id: 1, request: { payload: 'bytes' }, reply: { payload: 'bytes' } },
  work: {
    id: 2,
    request: { cpuUs: 'u32', payload: 'bytes' },
    reply: { burnedUs: 'u32', payload: 'bytes' },
  },
  'session.open': { id: 16, request: { patienceMs: 'u32' }, reply: { waitedMs: 'u32' } },
  'session.message': { id: 17, request: { payload: 'bytes' }, reply: { payload: 'bytes' } },
  'session.close': { id: 18, request: {}, reply: { exchanges: 'u32' } },
  'names.register': {
    id: 64,
    request: { name: 'string', host: 'string', port: 'u32', ttlMs: 'u32' },
    reply: {},
  },
  'names.lookup': {
    id: 65,
    request: { name: 'string' },
    reply: { host: 'string', port: 'u32', ttlMs: 'u32' },
  },
  'names.list': {
    id: 66,
    request: { after: 'string', limit: 'u32' },
    reply: { entries: { list: { name: 'string', host: 'string', port: 'u32', ttlMs: 'u32' } } },
  },
  'counter.add': { id: 80, request: { by: 'u32' }, reply: { total: 'i64' } },
  'counter.read': { id: 81, request: {}, reply: { total: 'i64', updates: 'i64' } },
  'nested.call': {
    id: 112,
    request: { hops: 'u32', deadlineMs: 'u32', payload: 'bytes' },
    reply: { path: { list: 'u32' }, payload: 'bytes' },
  },
  'cookie.add': { id: 96, request: { cookie: 'bytes', by: 'u32' }, reply: { total: 'i64', cookie: 'bytes' } },
  'chat.join': {
    id: 32,
    request: { name: 'string' },
    reply: { present: 'u32', names: { list: 'string' } },
    event: { name: 'string' },
  },
  'chat.say': {
    id: 33,
    request: { text: 'string' },
    reply: { sequence: 'u32' },
    event: { sequence: 'u32', name: 'string', text: 'string' },
  },
  'chat.leave': {
    id: 34,
    request: {},
    reply: { said: 'u32' },
    event: { said: 'u32', name: 'string', abrupt: 'u32' },
  },
  'topn.list': {
    id: 48,
    request: { count: 'i64' },
    reply: { file: 'string', processes: 'u32', bytes: 'u32' },
  },
  'topn.fetch': {
    id: 49,
    request: { file: 'string' },
    chunk: { bytes: 'bytes' },
    reply: { bytes: 'u32', crc32: 'u32' },
  },
  'topn.report': {
    id: 50,
    request: { name: 'string', pid: 'u32', userTicks: 'i64', systemTicks: 'i64' },
    reply: {},
  },
  'topn.reports': {
    id: 51,
    request: { latest: 'u32' },
    reply: {
      total: 'u32',
      latest: { list: { name: 'string', pid: 'u32', userTicks: 'i64', systemTicks: 'i64' } },
    },
  },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;

/** Methods that are answered in chunks. */
export type ChunkedName = {
  [M in MethodName]: (typeof METHODS)[M] extends { readonly chunk: Fields } ? M : never;
}[MethodName];

/** Methods of which others are told. */
export type EventName = {
  [M in MethodName]: (typeof METHODS)[M] extends { readonly event: Fields } ? M : never;
}[MethodName];

/** The body of every error frame. */
export const ERROR_FIELDS = { code: 'u32', message: 'string' } as const satisfies Fields;

interface ScalarValues {
  readonly u32: number;
  readonly i64: bigint;
  readonly string: string;
  readonly bytes: Uint8Array;
}

/** The TypeScript value of one field. */
export type ValueOf<F extends Field> = F extends Scalar
  ? ScalarValues[F]
  : F extends { readonly list: infer E }
    ? E extends Scalar
      ? readonly ScalarValues[E][]
      : E extends Fields
        ? readonly ValuesOf<E>[]
        : never
    : never;

/** The TypeScript object of a table of fields. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

export type RequestOf<M extends MethodName> = ValuesOf<(typeof METHODS)[M]['request']>;
export type ReplyOf<M extends MethodName> = ValuesOf<(typeof METHODS)[M]['reply']>;
export type EventOf<M extends EventName> = ValuesOf<(typeof METHODS)[M]['event']>;
export type ChunkOf<M extends ChunkedName> = ValuesOf<(typeof METHODS)[M]['chunk']>;
