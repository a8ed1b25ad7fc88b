/** Errors that a server reports to its starter: one line on stderr and an exit code (docs/servers/contract.md). */

export const EXIT = { usage: 2, unfit: 3 } as const;

/** An expected failure with a message for people; any other error that escapes is a defect. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Invalid command line (exit code 2); the message says what is allowed. */
export function usageError(message: string): ServerError {
  return new ServerError(message, EXIT.usage);
}

/** The machine does not allow it (exit code 3), such as a port already in use. */
export function unfitError(message: string, cause?: unknown): ServerError {
  return new ServerError(message, EXIT.unfit, { cause });
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
