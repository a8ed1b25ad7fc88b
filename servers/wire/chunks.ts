/** An answer in chunks put together again, and checked against what its end says of it. */
import { crc32 } from 'node:zlib';
import { decodeChunk, decodeReply } from './body.ts';
import { FrameDecoder, FrameError } from './frame.ts';
import type { Frame } from './frame.ts';
import { KINDS } from './methods.ts';

/** All frames of an answer that stand one after another. @throws {FrameError} when the bytes are no frames */
export function framesOf(answer: Uint8Array): Frame[] {
  const decoder = new FrameDecoder();
  decoder.push(Buffer.from(answer.buffer, answer.byteOffset, answer.length));
  const frames: Frame[] = [];
  for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  return frames;
}

/**
 * The file in an answer to topn.fetch.
 *
 * @returns undefined when length or checksum are not those of the end frame
 * @throws {FrameError} when the frames are no such answer
 */
export function fileFrom(answer: readonly Frame[]): Buffer | undefined {
  const chunks: Uint8Array[] = [];
  for (const frame of answer) {
    if (frame.kind === KINDS.chunk) {
      chunks.push(decodeChunk('topn.fetch', frame.body).bytes);
      continue;
    }
    const end = decodeReply('topn.fetch', frame.body);
    const file = Buffer.concat(chunks);
    return file.length === end.bytes && crc32(file) === end.crc32 ? file : undefined;
  }
  throw new FrameError('an answer in chunks has no end');
}
