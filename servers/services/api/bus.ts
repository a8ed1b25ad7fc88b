/** The API of the bus available to a service: how its workers, threads or processes, hear of each other. */

/** What one worker hears of the others. Nothing that it does itself comes back to it. */
export interface BusListener {
  /** Another worker took this name. All names that are held when this worker starts are told first. */
  claimed(name: string): void;
  /** The worker that held this name gave it up, or is gone. */
  released(name: string): void;
  /** Another worker published this. The bytes are the listener's to keep. */
  message(bytes: Buffer): void;
}

/**
 * Joins the workers of one server. What one worker does, claims and releases included, every other hears completely
 * and in the order in which it was done; what two of them do at the same time, others may hear in different orders.
 */
export interface Bus {
  /**
   * Takes a name for this worker, unless anybody holds it. `answer` is called before anything is heard that came
   * after the decision, so that nothing falls between the two.
   */
  claim(name: string, answer: (taken: boolean) => void): void;
  /** Gives a name up that this worker holds. */
  release(name: string): void;
  /**
   * Sends to every other worker. While others are far behind it returns a promise, for which the caller should hold
   * back: what waits on the way stays bounded only then.
   */
  publish(message: Uint8Array): void | Promise<void>;
  /** Sets who hears of the others; one a worker, set when its service is made. */
  listen(listener: BusListener): void;
}

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
