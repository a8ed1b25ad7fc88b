import { decodeReply } from '../../servers/wire/body.ts';
import { BODY_OFFSET } from '../../servers/wire/frame.ts';
import type { MethodName, ReplyOf } from '../../servers/wire/methods.ts';

/** The fields of a reply frame. @throws FrameError where it is not of that method */
export function replyIn<M extends MethodName>(method: M, frame: Uint8Array): ReplyOf<M> {
  const { buffer, byteOffset, length } = frame;
  return decodeReply(method, Buffer.from(buffer, byteOffset + BODY_OFFSET, length - BODY_OFFSET));
}
