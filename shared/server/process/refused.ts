/** The error of a process that must not run as it was started: no retry helps before a person changes something. */

/** `EX_CONFIG` of sysexits.h. */
export const REFUSED_EXIT_CODE = 78;

/** Its message is one line for a person, without secrets: the mistake, and how to mend it. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refused";
  }
}

/** Ends this process as refused, from anywhere: as an error that nobody catches (lifecycle.ts). */
export function endRefused(error: Refused): void {
  process.nextTick(() => {
    throw error;
  });
}
