/**
 * http: `echo` and `work` behind HTTP/1.1 with connections that are kept, for any HTTP load tool.
 *
 *     POST /echo              the body comes back
 *     GET or POST /work       burns CPU time as drawn, /work?cpu=500us as told; the answer is the microseconds burned
 */
import { parseDurationUs } from './api/parameters.ts';
import { HttpDecoder, HttpError } from './http-request.ts';
import type { HttpRequest } from './http-request.ts';
import type { ServiceModule } from './api/service.ts';
import { burn, drawCpuUs, MAX_CPU_US, workParameters } from './work.ts';

const BYTES = 'content-type: application/octet-stream\r\n';
const METHODS = ['GET', 'HEAD', 'POST'];

/** Phrases of the responses that there are (RFC 9112). */
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

interface HttpReply {
  readonly status: number;
  readonly body: Uint8Array;
  /** Lines of further header fields, each with its end. */
  readonly fields?: string;
  readonly keepAlive: boolean;
  /** The request was HEAD: the body is only measured. */
  readonly headOnly?: boolean;
}

export const service: ServiceModule<typeof workParameters> = {
  parameters: workParameters,
  create: (values, { worker }) => {
    const counters = { requests: 0, bytes: 0 };
    const draw = drawCpuUs(values, worker);
    const work = (request: HttpRequest, query: string): HttpReply => {
      const { keepAlive } = request;
      const cpu = new URLSearchParams(query).get('cpu');
      const cpuUs = cpu === null ? draw() : parseDurationUs(cpu);
      if (cpuUs === undefined || cpuUs > MAX_CPU_US) {
        return textReply(400, `cpu is a time such as 500us, 1ms or 2s, up to ${MAX_CPU_US} us`, keepAlive);
      }
      return textReply(200, `${burn(cpuUs)}`, keepAlive);
    };
    const answer = (request: HttpRequest): HttpReply => {
      const { method, target, keepAlive, body } = request;
      const [path, query = ''] = target.split('?', 2);
      if (!METHODS.includes(method)) {
        return textReply(405, 'GET, HEAD or POST', keepAlive, `allow: ${METHODS.join(', ')}\r\n`);
      }
      if (path === '/echo') return { status: 200, body, keepAlive, fields: BYTES };
      if (path === '/work') return work(request, query);
      return textReply(404, 'there are /echo and /work', keepAlive);
    };
    return {
      counters,
      serve: async (connection) => {
        try {
          return await connection.receive(new HttpDecoder(), (request) => {
            counters.requests += 1;
            counters.bytes += request.body.length;
            connection.send(encodeReply({ ...answer(request), headOnly: request.method === 'HEAD' }));
            if (!request.keepAlive) connection.finish();
          });
        } catch (error) {
          if (error instanceof HttpError) {
            connection.send(encodeReply(textReply(error.status, error.message, false)));
          }
          throw error;
        }
      },
    };
  },
  turnAway: () =>
    encodeReply(textReply(503, 'no worker is free: come back later', false, 'retry-after: 1\r\n')),
};

/** The bytes of a response. */
function encodeReply({ status, body, fields = '', keepAlive, headOnly = false }: HttpReply): Buffer {
  const head =
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${dateLine()}content-length: ${body.length}\r\n` +
    `${fields}${keepAlive ? '' : 'connection: close\r\n'}\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + (headOnly ? 0 : body.length));
  bytes.write(head, 'latin1');
  if (!headOnly) bytes.set(body, head.length);
  return bytes;
}

/** A response of one line of text. */
function textReply(status: number, text: string, keepAlive: boolean, fields = ''): HttpReply {
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
