import type { Bus } from '../../services/api/bus.ts';

/** The bus of a server that has one worker: names are claimed, and there is nobody else to hear of anything. */
export function soloBus(): Bus {
  const names = new Set<string>();
  return {
    claim: (name, answer) => {
      const free = !names.has(name);
      names.add(name);
      answer(free);
    },
    release: (name) => void names.delete(name),
    publish: () => undefined,
    listen: () => undefined,
  };
}
