/** A client for commands that use a service by hand: what fails is worded for a person. */
import { CallFailed, FramedClient } from '../../servers/wire/client.ts';
import type { Address } from '../../servers/wire/client.ts';
import type { Frame } from '../../servers/wire/frame.ts';
import { EXIT, HoldfastError, messageOf, UnfitError, UsageError } from '../errors.ts';

export class Caller extends FramedClient {
  readonly #address: Address;

  constructor(address: Address, onEvent?: (event: Frame) => void) {
    super('the server', address, onEvent);
    this.#address = address;
  }

  /** @throws {HoldfastError} with the server's own words when it refuses, or why there is no answer */
  protected override async exchange(...call: Parameters<FramedClient['exchange']>): Promise<Frame> {
    return await super.exchange(...call).catch((error: unknown) => this.#explain(error));
  }

  #explain(error: unknown): never {
    if (!(error instanceof CallFailed)) throw error;
    if (error.how === 'refused') {
      const text = `The server refused (${error.error}): ${printable(error.message)}.`;
      if (error.error === 'bad-argument' || error.error === 'taken') throw new UsageError(text);
      throw new HoldfastError(text, EXIT.failed);
    }
    if (error.how !== 'unreachable') {
      throw new HoldfastError(`The call failed: ${error.message}.`, EXIT.failed, { cause: error });
    }
    const { host, port } = this.#address;
    const where = `Cannot reach a server on ${host}:${port}: ${messageOf(error.cause)}`;
    throw new UnfitError(`${where}; start one with "holdfast serve".`, { cause: error.cause });
  }
}

/** Text from strangers as it may stand on a terminal: control characters, which could drive it, become dots. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}|\p{Zl}|\p{Zp}/gu, '·');
}
