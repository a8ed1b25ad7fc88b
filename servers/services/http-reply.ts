/** Writing HTTP/1.1 responses (RFC 9112). */

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

export interface HttpReply {
  readonly status: number;
  readonly body: Uint8Array;
  /** Lines of further header fields, each with its end. */
  readonly fields?: string;
  readonly keepAlive: boolean;
  /** The request was HEAD: the body is only measured. */
  readonly headOnly?: boolean;
}

/** The bytes of a response. */
export function encodeReply({ status, body, fields = '', keepAlive, headOnly = false }: HttpReply): Buffer {
  const head =
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${dateLine()}content-length: ${body.length}\r\n` +
    `${fields}${keepAlive ? '' : 'connection: close\r\n'}\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + (headOnly ? 0 : body.length));
  bytes.write(head, 'latin1');
  if (!headOnly) bytes.set(body, head.length);
  return bytes;
}

/** A response of one line of text. */
export function textReply(status: number, text: string, keepAlive: boolean, fields = ''): HttpReply {
  const body = Buffer.from(`${text}\n`);
  return { status, body, keepAlive, fields: `content-type: text/plain; charset=utf-8\r\n${fields}` };
}

let dateSecond = 0;
let date = '';

// Every response says when it was made (RFC 9110, 6.6.1), to the second: so it is written once a second.
function dateLine(): string {
  const nowMs = Date.now();
  const second = Math.floor(nowMs / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    date = `date: ${new Date(nowMs).toUTCString()}\r\n`;
  }
  return date;
}
