/** The end of a start that no retry can save and that is no bug: told in lines, without a stack. */
export class StartRefused extends Error {
  readonly lines: readonly string[];

  /** @param lines one for each reason, with what to do about it. */
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
    this.name = "StartRefused";
  }
}
