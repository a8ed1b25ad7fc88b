/**
 * session: a client opens a session, exchanges messages and closes it. A client that no worker could take within the
 * waiting period is told to come back later, and so is one that had itself been ready to wait for less.
 */
import { answerCalls, busy, on } from './api/calls.ts';
import type { Call } from './api/calls.ts';
import type { Connection, Ending } from './api/connection.ts';
import type { ServiceModule } from './api/service.ts';

type State = 'new' | 'open' | 'closed' | 'late';

interface SessionCounters {
  opened: number;
  exchanges: number;
  closed: number;
}

export const service: ServiceModule = {
  parameters: {},
  create: () => {
    const counters = { opened: 0, exchanges: 0, closed: 0 };
    return { counters, serve: (connection) => serveSession(connection, counters) };
  },
  turnAway: () => busy('session.open'),
};

async function serveSession(connection: Connection, counters: SessionCounters): Promise<Ending> {
  let state: State = 'new';
  let exchanges = 0;
  const isOpen = (call: { fail: Call<'session.close'>['fail'] }): boolean => {
    if (state !== 'open') call.fail('bad-argument', 'open the session first');
    return state === 'open';
  };
  const ending = await answerCalls(connection, [
    on('session.open', (call) => {
      const { patienceMs } = call.request;
      if (state === 'open') return call.fail('bad-argument', 'the session is open already');
      if (patienceMs > 0 && connection.waitedMs > patienceMs) {
        state = 'late';
        call.fail('busy', 'no worker came free within your waiting period');
        return connection.finish();
      }
      state = 'open';
      counters.opened += 1;
      return call.reply({ waitedMs: connection.waitedMs });
    }),
    on('session.message', (call) => {
      if (!isOpen(call)) return;
      exchanges += 1;
      counters.exchanges += 1;
      call.reply({ payload: call.request.payload });
    }),
    on('session.close', (call) => {
      if (!isOpen(call)) return;
      state = 'closed';
      counters.closed += 1;
      call.reply({ exchanges });
      connection.finish();
    }),
  ]);
  return endingOf(state, ending);
}

// A client that leaves an open session has not come to its regular end.
function endingOf(state: State, ending: Ending): Ending {
  switch (state) {
    case 'late':
      return 'lost';
    case 'open':
      return 'reset';
    default:
      return ending;
  }
}
