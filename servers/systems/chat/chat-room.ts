/** The room of a chat as one worker has it: its own members, and what it knows of those that other workers serve. */
import { decodeEvent, encodeEvent } from '../../wire/body.ts';
import { BODY_OFFSET, Frame } from '../../wire/frame.ts';
import { METHODS } from '../../wire/methods.ts';
import type { Bus } from '../../services/api/bus.ts';
import type { Connection } from '../../services/api/connection.ts';

/** Who has joined through this worker. */
export interface Member {
  readonly name: string;
  readonly connection: Connection;
  /** Messages so far, and so the sequence number of the last one. */
  said: number;
}

/** Names that a newcomer is told at most. */
const NAMES_TOLD = 1000;

export class Room {
  readonly #bus: Bus;
  readonly #members = new Map<string, Member>();
  /** Members that other workers serve, with the sequence number that was last heard. */
  readonly #others = new Map<string, number>();
  readonly #delivered: (count: number) => void;

  /** @param delivered told how many members got a message */
  constructor(bus: Bus, delivered: (count: number) => void) {
    this.#bus = bus;
    this.#delivered = delivered;
    bus.listen({
      claimed: (name) => {
        this.#others.set(name, 0);
        this.#tell(encodeEvent('chat.join', { name }));
      },
      released: (name) => {
        const said = this.#others.get(name);
        // Who left in good order, or was seen to be cut off, has been announced; the others went with their worker.
        if (said === undefined) return;
        this.#others.delete(name);
        this.#tell(encodeEvent('chat.leave', { said, name, abrupt: 1 }));
      },
      message: (bytes) => this.#hear(new Frame(bytes)),
    });
  }

  get members(): Iterable<Member> {
    return this.#members.values();
  }

  get size(): number {
    return this.#members.size + this.#others.size;
  }

  /** Some of the names of all who are here. */
  names(): string[] {
    return [...this.#members.keys(), ...this.#others.keys()].slice(0, NAMES_TOLD);
  }

  /** A member joins whose name this worker holds. */
  enter(member: Member): void {
    this.#tell(encodeEvent('chat.join', { name: member.name }));
    this.#members.set(member.name, member);
  }

  /** Sends a message to everybody else. Returns a promise while other workers are far behind. */
  say(member: Member, text: string): void | Promise<void> {
    member.said += 1;
    const { name, said: sequence } = member;
    const event = encodeEvent('chat.say', { sequence, name, text });
    this.#delivered(this.#tell(event, member));
    return this.#bus.publish(event);
  }

  /** Announces a member's end and frees its name. */
  leave(member: Member, abrupt: boolean): void {
    const { name, said } = member;
    this.#members.delete(name);
    const event = encodeEvent('chat.leave', { said, name, abrupt: abrupt ? 1 : 0 });
    this.#tell(event);
    void this.#bus.publish(event);
    this.#bus.release(name);
  }

  /** Events travel between workers as clients get them. */
  #hear(event: Frame): void {
    if (event.method === METHODS['chat.say'].id) {
      const { bytes } = event;
      const nameEnd = BODY_OFFSET + 8 + bytes.readUInt32BE(BODY_OFFSET + 4);
      this.#others.set(bytes.toString('utf8', BODY_OFFSET + 8, nameEnd), bytes.readUInt32BE(BODY_OFFSET));
      this.#delivered(this.#tell(bytes));
    } else {
      this.#others.delete(decodeEvent('chat.leave', event.body).name);
      this.#tell(event.bytes);
    }
  }

  #tell(event: Uint8Array, except?: Member): number {
    let told = 0;
    for (const member of this.#members.values()) {
      if (member === except) continue;
      member.connection.send(event);
      told += 1;
    }
    return told;
  }
}
