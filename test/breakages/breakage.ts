/** A deliberate fault in the product, and the tests that must notice it. */
export type Breakage = {
  /** What is taken out, in a few words: "the origin of an upgrade is not looked at". */
  what: string;
  /** The file that is broken; `find` occurs in it exactly once and becomes `replace`. */
  file: string;
  find: string;
  replace: string;
  /** A second protection behind the first: both are taken out. */
  also?: { file: string; find: string; replace: string };
  /** `[test file, test name as docs/security.md gives it]`: each of them goes red. */
  seenBy: readonly (readonly [file: string, name: string])[];
};
