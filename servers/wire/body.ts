/**
 * Marshalling of bodies: typed fields one after another (docs/servers/wire.md), as the method table says.
 *
 * The size is computed first, so a message is one allocation, header included.
 */
import { isUtf8 } from 'node:buffer';
import { allocFrame, BODY_OFFSET, FrameError } from './frame.ts';
import { ERROR_CODES, ERROR_FIELDS, KINDS, METHODS } from './methods.ts';
import type {
  ChunkedName,
  ChunkOf,
  ErrorName,
  EventName,
  EventOf,
  Field,
  Fields,
  MethodName,
  ReplyOf,
  RequestOf,
  Scalar,
  ValuesOf,
} from './methods.ts';

type Value = number | bigint | string | Uint8Array | readonly Value[] | { readonly [name: string]: Value };
type Values = Readonly<Record<string, Value>>;

/** A request frame. @throws {RangeError} when a number or the whole does not fit */
export function encodeRequest<M extends MethodName>(method: M, callId: number, values: RequestOf<M>): Buffer {
  const { id, request } = METHODS[method];
  return encodeFields(KINDS.request, id, callId, request, values);
}

/** A reply frame. @throws {RangeError} when a number or the whole does not fit */
export function encodeReply<M extends MethodName>(method: M, callId: number, values: ReplyOf<M>): Buffer {
  const { id, reply } = METHODS[method];
  return encodeFields(KINDS.reply, id, callId, reply, values);
}

/** A part of an answer in chunks. @throws {RangeError} when a number or the whole does not fit */
export function encodeChunk<M extends ChunkedName>(method: M, callId: number, values: ChunkOf<M>): Buffer {
  const { id, chunk } = METHODS[method];
  return encodeFields(KINDS.chunk, id, callId, chunk, values);
}

/** The reply that ends an answer in chunks. @throws {RangeError} when a number or the whole does not fit */
export function encodeEnd<M extends ChunkedName>(method: M, callId: number, values: ReplyOf<M>): Buffer {
  const { id, reply } = METHODS[method];
  return encodeFields(KINDS.end, id, callId, reply, values);
}

/** An event frame. @throws {RangeError} when a number or the whole does not fit */
export function encodeEvent<M extends EventName>(method: M, values: EventOf<M>): Buffer {
  const { id, event } = METHODS[method];
  return encodeFields(KINDS.event, id, 0, event, values);
}

/** An error frame; call id 0 speaks of the connection, any other of that call. */
export function encodeError(method: number, callId: number, name: ErrorName, message: string): Buffer {
  return encodeFields(KINDS.error, method, callId, ERROR_FIELDS, { code: ERROR_CODES[name], message });
}

/** @throws {FrameError} when the body is not exactly these fields */
export function decodeRequest<M extends MethodName>(method: M, body: Buffer): RequestOf<M> {
  return decodeFields(METHODS[method].request, body) as RequestOf<M>;
}

/** @throws {FrameError} when the body is not exactly these fields */
export function decodeReply<M extends MethodName>(method: M, body: Buffer): ReplyOf<M> {
  return decodeFields(METHODS[method].reply, body) as ReplyOf<M>;
}

/** @throws {FrameError} when the body is not exactly these fields */
export function decodeChunk<M extends ChunkedName>(method: M, body: Buffer): ChunkOf<M> {
  return decodeFields(METHODS[method].chunk, body) as ChunkOf<M>;
}

/** @throws {FrameError} when the body is not exactly these fields */
export function decodeEvent<M extends EventName>(method: M, body: Buffer): EventOf<M> {
  return decodeFields(METHODS[method].event, body) as EventOf<M>;
}

/** @throws {FrameError} when the body is not exactly these fields */
export function decodeError(body: Buffer): ValuesOf<typeof ERROR_FIELDS> {
  return decodeFields(ERROR_FIELDS, body) as ValuesOf<typeof ERROR_FIELDS>;
}

/** A frame of any fields, for tables other than the methods'. */
export function encodeFields(
  kind: number,
  method: number,
  callId: number,
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
): Buffer {
  const body = values as Values;
  const frame = allocFrame(kind, method, callId, sizeOfFields(fields, body));
  writeFields(frame, BODY_OFFSET, fields, body);
  return frame;
}

/**
 * The values of a body. `bytes` fields are views on it.
 *
 * @throws {FrameError} when the body is not exactly these fields
 */
export function decodeFields(fields: Fields, body: Buffer): Values {
  const cursor = { body, offset: 0 };
  const values = readFields(cursor, fields);
  if (cursor.offset !== body.length) throw new FrameError(`${body.length - cursor.offset} bytes too many`);
  return values;
}

function sizeOfFields(fields: Fields, values: Values): number {
  let size = 0;
  for (const name in fields) size += sizeOf(fields[name] as Field, values[name] as Value);
  return size;
}

function sizeOf(field: Field, value: Value): number {
  switch (field) {
    case 'u32':
      return 4;
    case 'i64':
      return 8;
    case 'string':
      return 4 + Buffer.byteLength(value as string);
    case 'bytes':
      return 4 + (value as Uint8Array).length;
    default: {
      let size = 4;
      for (const element of value as readonly Value[]) size += sizeOfElement(field.list, element);
      return size;
    }
  }
}

function sizeOfElement(element: Scalar | Fields, value: Value): number {
  return typeof element === 'string' ? sizeOf(element, value) : sizeOfFields(element, value as Values);
}

function writeFields(frame: Buffer, start: number, fields: Fields, values: Values): number {
  let offset = start;
  for (const name in fields) offset = write(frame, offset, fields[name] as Field, values[name] as Value);
  return offset;
}

function write(frame: Buffer, offset: number, field: Field, value: Value): number {
  switch (field) {
    case 'u32':
      return frame.writeUInt32BE(value as number, offset);
    case 'i64':
      return frame.writeBigInt64BE(value as bigint, offset);
    case 'string': {
      const written = frame.write(value as string, offset + 4);
      frame.writeUInt32BE(written, offset);
      return offset + 4 + written;
    }
    case 'bytes': {
      const bytes = value as Uint8Array;
      frame.writeUInt32BE(bytes.length, offset);
      frame.set(bytes, offset + 4);
      return offset + 4 + bytes.length;
    }
    default: {
      const elements = value as readonly Value[];
      let end = frame.writeUInt32BE(elements.length, offset);
      for (const element of elements) {
        end =
          typeof field.list === 'string'
            ? write(frame, end, field.list, element)
            : writeFields(frame, end, field.list, element as Values);
      }
      return end;
    }
  }
}

interface Cursor {
  readonly body: Buffer;
  offset: number;
}

function readFields(cursor: Cursor, fields: Fields): Values {
  const values: Record<string, Value> = {};
  for (const name in fields) values[name] = read(cursor, fields[name] as Field);
  return values;
}

function read(cursor: Cursor, field: Field): Value {
  switch (field) {
    case 'u32':
      return cursor.body.readUInt32BE(advance(cursor, 4));
    case 'i64':
      return cursor.body.readBigInt64BE(advance(cursor, 8));
    case 'string': {
      const bytes = readBytes(cursor);
      if (!isUtf8(bytes)) throw new FrameError('a string is not UTF-8');
      return bytes.toString('utf8');
    }
    case 'bytes':
      return readBytes(cursor);
    default:
      return readList(cursor, field.list);
  }
}

function readBytes(cursor: Cursor): Buffer {
  const length = cursor.body.readUInt32BE(advance(cursor, 4));
  const start = advance(cursor, length);
  return cursor.body.subarray(start, start + length);
}

// A count is believed element by element: no list is allocated for what a stranger merely claims.
function readList(cursor: Cursor, element: Scalar | Fields): readonly Value[] {
  const count = cursor.body.readUInt32BE(advance(cursor, 4));
  if (count > cursor.body.length - cursor.offset) throw new FrameError(`a list of ${count} does not fit`);
  const elements: Value[] = [];
  for (let i = 0; i < count; i += 1) {
    elements.push(typeof element === 'string' ? read(cursor, element) : readFields(cursor, element));
  }
  return elements;
}

function advance(cursor: Cursor, bytes: number): number {
  const start = cursor.offset;
  if (bytes > cursor.body.length - start) throw new FrameError('the body ends in the middle of a field');
  cursor.offset = start + bytes;
  return start;
}
