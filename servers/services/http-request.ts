/**
 * Reading HTTP/1.1 requests (RFC 9112) from a stream of bytes, however it was split, one after another on a connection
 * that is kept. Bounded: what a stranger may make this process keep is a head of 16 KiB and a body of 1 MiB.
 */
import type { Decoder } from './api/connection.ts';
import { GrowingBytes } from '../wire/growing-bytes.ts';

const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 1_048_576;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CR = 13;
const LF = 10;

export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line, query included. */
  readonly target: string;
  /** Another request may follow on this connection. */
  readonly keepAlive: boolean;
  readonly body: Buffer;
}

/** A request that cannot be served; the connection ends with an answer of this status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Head extends Omit<HttpRequest, 'body'> {
  readonly bodyBytes: number;
}

export class HttpDecoder implements Decoder<HttpRequest> {
  readonly #received = new GrowingBytes();
  /** The head whose body has not come whole. */
  #head: Head | undefined;

  push(chunk: Buffer): void {
    this.#received.push(chunk);
  }

  /** @throws {HttpError} on bytes that are no request, and on one that asks for more than there is here */
  next(): HttpRequest | undefined {
    this.#head ??= this.#takeHead();
    if (!this.#head || this.#received.length < this.#head.bodyBytes) return undefined;
    const { bodyBytes, ...request } = this.#head;
    this.#head = undefined;
    return { ...request, body: this.#received.take(bodyBytes) };
  }

  get pendingBytes(): number {
    return this.#head ? this.#received.length + 1 : this.#received.length;
  }

  #takeHead(): Head | undefined {
    // An empty line in front of a request is to be ignored (RFC 9112, 2.2).
    const received = this.#received;
    while (received.length >= 2 && startsWithLine(received)) received.take(2);
    const { buffer, start } = received;
    const searched = buffer.subarray(start, Math.min(received.end, start + MAX_HEAD_BYTES));
    const end = searched.indexOf(END_OF_HEAD);
    if (end >= 0) return parseHead(received.take(end + END_OF_HEAD.length).toString('latin1', 0, end));
    if (searched.length === MAX_HEAD_BYTES) {
      throw new HttpError(431, `a head has at most ${MAX_HEAD_BYTES} bytes`);
    }
    // A stranger who speaks another protocol is not waited for.
    const [first] = searched;
    if (first !== undefined && first !== CR && !isUpperCase(first))
      throw new HttpError(400, 'no request line');
    return undefined;
  }
}

function startsWithLine({ buffer, start }: GrowingBytes): boolean {
  return buffer[start] === CR && buffer[start + 1] === LF;
}

function isUpperCase(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

const REQUEST_LINE = /^([A-Z]{1,20}) (\S+) HTTP\/1\.([01])$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const NOT_IN_A_VALUE = /[\r\n\0]/;

function parseHead(text: string): Head {
  const [requestLine = '', ...fieldLines] = text.split('\r\n');
  const [, method, target, minor] = REQUEST_LINE.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) throw new HttpError(400, 'this is not a request line');
  let bodyBytes: number | undefined;
  let hosts = 0;
  let keepAlive = minor === '1';
  for (const line of fieldLines) {
    const { name, value } = parseField(line);
    switch (name) {
      case 'content-length':
        // Two lengths are how one request is smuggled inside another.
        if (bodyBytes !== undefined) throw new HttpError(400, 'more than one content-length');
        bodyBytes = contentLength(value);
        break;
      case 'transfer-encoding':
        throw new HttpError(501, 'a body must have a content-length here');
      case 'expect':
        throw new HttpError(417, 'send the body at once');
      case 'connection':
        if (/\bclose\b/i.test(value)) keepAlive = false;
        else if (/\bkeep-alive\b/i.test(value)) keepAlive = true;
        break;
      case 'host':
        hosts += 1;
        break;
      default:
        break;
    }
  }
  if (minor === '1' && hosts !== 1) throw new HttpError(400, 'a request has one host header');
  return { method, target, keepAlive, bodyBytes: bodyBytes ?? 0 };
}

function parseField(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = line.slice(colon + 1).trim();
  if (!FIELD_NAME.test(name) || NOT_IN_A_VALUE.test(value))
    throw new HttpError(400, 'this is not a header line');
  return { name: name.toLowerCase(), value };
}

function contentLength(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new HttpError(400, 'the content-length is not a number');
  const bytes = Number(value);
  if (bytes > MAX_BODY_BYTES) throw new HttpError(413, `a body has at most ${MAX_BODY_BYTES} bytes`);
  return bytes;
}
