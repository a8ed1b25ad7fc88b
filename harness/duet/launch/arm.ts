/** The two arms of a launch, and what it means that one of them fails. */
import { HoldfastError } from '../../errors.ts';

export type ArmName = 'base' | 'head';

/** One of something for each arm. */
export type Pair<T> = Readonly<Record<ArmName, T>>;

/** An arm did not do what it had to; the launch does not count. */
export class ArmFailure extends Error {
  override readonly name = 'ArmFailure';
  readonly arm: ArmName;
  /** Clients that did not get through, where that is why. */
  readonly clientsFailed: number | undefined;

  constructor(arm: ArmName, message: string, options?: ErrorOptions & { readonly clientsFailed?: number }) {
    super(message, options);
    this.arm = arm;
    this.clientsFailed = options?.clientsFailed;
  }
}

/** Both arms, in the order in which a launch takes them. */
export function inOrder(first: ArmName): readonly [ArmName, ArmName] {
  return first === 'base' ? ['base', 'head'] : ['head', 'base'];
}

/** Does something with an arm; whatever is expected to go wrong there is the failure of that arm. */
export async function ofArm<T>(arm: ArmName, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof HoldfastError)) throw error;
    throw new ArmFailure(arm, error.message, { cause: error });
  }
}
