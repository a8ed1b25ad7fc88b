/** Waiting for what will happen. The deadline ends a wait that hangs: no machine that works is so slow. */

type Answer<T> = T | undefined | void | false;

const DEADLINE_MS = 60_000;

/** The promise's value. @throws an error that says what was waited for, when it does not come */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(inVain(what)), DEADLINE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again, the longer it takes the less often, and returns the first answer that is neither undefined nor false. @throws as `within` does */
export async function eventually<T>(what: string, ask: () => Answer<T> | Promise<Answer<T>>): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (let pauseMs = 4; ; pauseMs = Math.min(2 * pauseMs, 32)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw inVain(what);
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
}

function inVain(what: string): Error {
  return new Error(`waited ${DEADLINE_MS / 1000} s in vain for ${what}`);
}
