/** What one member of a chat has heard of the others, by sender and sequence number: what is missing, doubled, or late. */

interface Sender {
  /** All sequence numbers below it have been heard. */
  next: number;
  highest: number;
  /** Heard before others that should have come first. */
  early: Set<number> | undefined;
}

/** Every sender says the same number of messages, numbered from 1, unless it leaves early. */
export class Ledger {
  readonly #messages: number;
  readonly #senders = new Map<string, Sender>();
  /** Different messages heard. */
  heard = 0;
  #expected = 0;
  /** Messages heard again. */
  duplicated = 0;
  /** Messages heard after a later one of the same sender. */
  outOfOrder = 0;
  /** Sequence numbers that no sender has. */
  strange = 0;

  /** @param messages that each sender says */
  constructor(messages: number) {
    this.#messages = messages;
  }

  /** A message was heard. */
  hear(name: string, sequence: number): void {
    if (!(sequence >= 1 && sequence <= this.#messages)) {
      this.strange++;
      return;
    }
    let sender = this.#senders.get(name);
    if (!sender) this.#senders.set(name, (sender = { next: 1, highest: 0, early: undefined }));
    if (sequence < sender.next || sender.early?.has(sequence)) {
      this.duplicated++;
      return;
    }
    this.heard++;
    if (sequence < sender.highest) this.outOfOrder++;
    else sender.highest = sequence;
    if (sequence > sender.next) {
      (sender.early ??= new Set()).add(sequence);
      return;
    }
    sender.next++;
    while (sender.early?.delete(sender.next)) sender.next++;
  }

  /** So many more senders are to be heard in full. */
  expect(senders: number): void {
    this.#expected += senders * this.#messages;
  }

  /** A sender that was to be heard left after so many messages. */
  excuse(said: number): void {
    this.#expected -= Math.max(0, this.#messages - said);
  }

  /** Messages that were to be heard and have not been. */
  get missing(): number {
    return Math.max(0, this.#expected - this.heard);
  }
}
