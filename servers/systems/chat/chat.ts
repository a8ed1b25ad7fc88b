/**
 * chat: a client joins with a name; what it says reaches every other client, whichever worker serves that one. Each
 * sender's messages are numbered from 1, so that receivers can tell what is missing, doubled or out of order.
 */
import type { Bus } from '../../services/api/bus.ts';
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import { Room } from './chat-room.ts';
import type { Member } from './chat-room.ts';
import type { Connection, Ending } from '../../services/api/connection.ts';
import type { ServiceModule } from '../../services/api/service.ts';

/** Longest text of one message, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 16_384;

/** Longest name, in bytes of UTF-8. Names come from strangers and end up on other people's terminals. */
const MAX_NAME_BYTES = 64;

/**
 * Code points that could forge or hide a name, first and last of each range: control characters, line ends, and
 * invisible characters that join, hide or turn around what stands next to them.
 */
const FORBIDDEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xffff],
  [0xe0000, 0xe0fff],
];

const parameters = {
  /** A member that has not kept up with its messages for so long is cut off. */
  stall: { type: 'durationUs', default: 5_000_000, max: 3_600_000_000 },
} as const;

interface Chat {
  readonly room: Room;
  readonly bus: Bus;
  readonly count: (figure: string, by?: number) => void;
}

export const service: ServiceModule<typeof parameters> = {
  parameters,
  create: ({ stall }, { bus }) => {
    const counters: Record<string, number> = {};
    const count = (figure: string, by = 1): void => {
      if (by > 0) counters[figure] = (counters[figure] ?? 0) + by;
    };
    const room = new Room(bus, (deliveries) => count('delivered', deliveries));
    watchForStalls(room, stall / 1000, () => count('stalled'));
    return { counters, serve: (connection) => serveMember(connection, { room, bus, count }) };
  },
  turnAway: () => busy('chat.join'),
};

/** Why a name cannot be had, or undefined when it can. Upper and lower case are different names. */
function nameProblem(name: string): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_NAME_BYTES) return `a name takes 1 to ${MAX_NAME_BYTES} bytes`;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (FORBIDDEN.some(([first, last]) => code >= first && code <= last)) {
      return 'a name takes no control or invisible characters';
    }
  }
  if (name.startsWith(' ') || name.endsWith(' ')) return 'a name neither starts nor ends with a space';
  return undefined;
}

/** Whoever does not read costs memory here; what the others get must not wait for it. */
function watchForStalls(room: Room, stallMs: number, stalled: () => void): void {
  const watch = setInterval(
    () => {
      for (const { connection } of room.members) {
        if (connection.stalledMs < stallMs) continue;
        stalled();
        connection.abandon();
      }
    },
    Math.max(10, stallMs / 4),
  );
  watch.unref();
}

async function serveMember(connection: Connection, { room, bus, count }: Chat): Promise<Ending> {
  let member: Member | undefined;
  let said = 0;
  let gone = false;

  const join = on('chat.join', (call) => {
    const { name } = call.request;
    if (member) return call.fail('bad-argument', `you have joined already, as ${member.name}`);
    const problem = nameProblem(name);
    if (problem !== undefined) return call.fail('bad-argument', problem);
    // The next request waits for the decision; the client may be gone before it.
    return new Promise((resolve) => {
      bus.claim(name, (taken) => {
        if (!taken) call.fail('taken', `somebody here is ${name} already`);
        else if (gone) bus.release(name);
        else {
          call.reply({ present: room.size, names: room.names() });
          member = { name, connection, said: 0 };
          room.enter(member);
          count('joined');
        }
        resolve();
      });
    });
  });

  const say = on('chat.say', (call) => {
    const { text } = call.request;
    const bytes = Buffer.byteLength(text);
    if (!member) return call.fail('bad-argument', 'join first');
    if (bytes === 0 || bytes > MAX_TEXT_BYTES) {
      return call.fail('bad-argument', `a text takes 1 to ${MAX_TEXT_BYTES} bytes`);
    }
    const passedOn = room.say(member, text);
    count('said');
    call.reply({ sequence: member.said });
    return passedOn;
  });

  const leave = on('chat.leave', (call) => {
    if (!member) return call.fail('bad-argument', 'join first');
    said = member.said;
    room.leave(member, false);
    member = undefined;
    call.reply({ said });
    connection.finish();
  });

  try {
    const ending = await answerCalls(connection, [join, say, leave]);
    return member ? 'reset' : ending;
  } finally {
    gone = true;
    if (member) room.leave(member, true);
  }
}
