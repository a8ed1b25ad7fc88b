import { bind, portOf } from '../connection/listen.ts';
import { listenerCopies } from '../pool/listener-copies.ts';
import type { Model } from '../model.ts';
import { startOwnAccept } from '../pool/own-accept.ts';
import { memoryScoreboard } from '../pool/scoreboard.ts';
import { threads } from '../worker/workers.ts';

/** Each Worker of a pool accepts from its own copy of one listening socket (Stevens' design 7, without the mutex). */
export const model: Model = {
  id: 'ts-prethread-accept',
  start: async (config) => {
    const { host, port, backlog, workers } = config;
    const bound = bind(host, port, false);
    const boundPort = portOf(bound.address());
    const copies = listenerCopies(bound, backlog);
    const running = await startOwnAccept(config, {
      port: () => boundPort,
      start: threads(),
      source: { from: 'transfer' },
      scoreboard: memoryScoreboard(workers),
      copy: () => copies.take(),
      release: () => bound.close(),
    });
    // Whoever stops this server finds no process of its left.
    await copies.idle();
    return {
      ...running,
      stop: async () => {
        const stats = await running.stop();
        await copies.idle();
        return stats;
      },
    };
  },
};
