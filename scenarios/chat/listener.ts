/** What one client of the chat scenario makes of the events that it hears. */
import type { Client } from '../../harness/scenario/client.ts';
import { decodeEvent } from '../../servers/wire/body.ts';
import { BODY_OFFSET } from '../../servers/wire/frame.ts';
import { METHODS } from '../../servers/wire/methods.ts';
import { Ledger } from './ledger.ts';

export class ChatListener {
  readonly ledger: Ledger;
  /** Members that are there or have said everything, this client included. */
  present = 0;
  /** When the last message was heard, in ms since the common start. */
  lastHeardMs = 0;
  readonly #client: Client;
  readonly #messages: number;

  /** @param messages that each sender says */
  constructor(client: Client, messages: number) {
    this.#client = client;
    this.#messages = messages;
    this.ledger = new Ledger(messages);
  }

  /** This client has joined, and so many others were there. */
  joined(others: number): void {
    this.present += others + 1;
    this.ledger.expect(others);
  }

  /** Takes an event frame. */
  hear(message: Uint8Array): void {
    const event = Buffer.from(message.buffer, message.byteOffset, message.length);
    switch (event.readUInt16BE(6)) {
      case METHODS['chat.say'].id: {
        const { sequence, name, text } = decodeEvent('chat.say', event.subarray(BODY_OFFSET));
        const nowMs = this.#client.elapsedMs();
        this.lastHeardMs = nowMs;
        this.ledger.hear(name, sequence);
        this.#client.record('delivery', (nowMs - Number.parseFloat(text)) * 1000);
        break;
      }
      case METHODS['chat.join'].id:
        this.present++;
        this.ledger.expect(1);
        break;
      case METHODS['chat.leave'].id: {
        const { said } = decodeEvent('chat.leave', event.subarray(BODY_OFFSET));
        if (said >= this.#messages) return;
        this.present--;
        this.ledger.excuse(said);
      }
    }
  }

  /** Counts what was heard. Zeros are counted too: they are the figures that matter. */
  report(): void {
    const { heard, duplicated, outOfOrder } = this.ledger;
    this.#client.count('deliveries', heard + duplicated);
    this.#client.count('lost-messages', this.ledger.missing);
    this.#client.count('duplicated-messages', duplicated);
    this.#client.count('disordered-messages', outOfOrder);
  }
}
