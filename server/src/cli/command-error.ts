/** How commands end; `poolhouse --help` lists them. */
export const exitCodes = {
  done: 0,
  /** What was asked for could not be done. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** The settings cannot be used (EX_CONFIG of sysexits.h). */
  settings: 78,
} as const;

/** An end that the user can act upon: its message is all that is shown, one sentence a line. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
