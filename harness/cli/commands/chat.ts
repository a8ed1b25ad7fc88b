/** `holdfast chat`: a member of a chat by hand, in a terminal or in a pipe. */
import { createInterface } from 'node:readline';
import { decodeEvent } from '../../../servers/wire/body.ts';
import type { Frame } from '../../../servers/wire/frame.ts';
import { METHODS } from '../../../servers/wire/methods.ts';
import { EXIT, HoldfastError } from '../../errors.ts';
import { Caller, printable } from '../caller.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { required, text, type Values } from '../options/option.ts';
import { ADDRESS } from '../options/shared.ts';

const OPTIONS = { ...ADDRESS, name: required(text('name that the others see')) };

async function chat(
  { host, port, name }: Values<typeof OPTIONS>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const screen = createInterface({ input: process.stdin, output: process.stdout, prompt: '' });
  // Nothing is read, and so no line is missed, before somebody listens to it.
  screen.pause();
  try {
    const show = (line: string): void => {
      // On a terminal the line comes above what is being typed, which is then drawn again.
      if (screen.terminal) io.out(`\r\u001b[K${line}\n`);
      else io.out(`${line}\n`);
      if (screen.terminal) screen.prompt(true);
    };
    using caller = new Caller({ host, port }, (event) => show(lineOf(event)));
    const { names } = await caller.call('chat.join', { name });
    show(names.length === 0 ? '* you are the first' : `* here: ${names.map(printable).join(', ')}`);
    const stop = (): void => screen.close();
    signal.addEventListener('abort', stop, { once: true });
    void caller.ended.then(stop);
    const lines = screen[Symbol.asyncIterator]();
    screen.resume();
    for await (const text of lines) {
      if (text === '/quit') break;
      if (text !== '') await caller.call('chat.say', { text }).catch((error: unknown) => complain(error, io));
    }
    await caller.call('chat.leave', {});
    return EXIT.ok;
  } finally {
    screen.close();
  }
}

/** A message that the server refuses is no reason to leave. */
function complain(error: unknown, io: Io): void {
  if (!(error instanceof HoldfastError) || error.exitCode !== EXIT.usage) throw error;
  io.err(`${error.message}\n`);
}

function lineOf(event: Frame): string {
  switch (event.method) {
    case METHODS['chat.say'].id: {
      const { name, text } = decodeEvent('chat.say', event.body);
      return `${printable(name)}: ${printable(text)}`;
    }
    case METHODS['chat.join'].id:
      return `* ${printable(decodeEvent('chat.join', event.body).name)} joined`;
    case METHODS['chat.leave'].id: {
      const { name, abrupt } = decodeEvent('chat.leave', event.body);
      return `* ${printable(name)} ${abrupt === 0 ? 'left' : 'was cut off'}`;
    }
    default:
      return `* an event of method ${event.method}`;
  }
}

export const chatCommand = command({
  usage: 'chat',
  describe: 'join a chat: every line that you type goes to all others, /quit leaves',
  examples: [
    ['serve ts-prefork-accept --service chat --slots 0 --port 9000', 'a server for it'],
    ['chat --port 9000 --name ann', 'in one terminal, and as bob in another'],
  ],
  options: OPTIONS,
  run: chat,
});
