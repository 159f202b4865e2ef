/** A deliberate fault in the product, and the tests that must notice it. */
export type Mutant = Change & {
  /** The protection that is missing, in a few words: "the origin of an upgrade is not looked at". */
  what: string;
  /** A second protection behind the first: both are removed. */
  also?: Change;
  /** `[test file, test name as docs/security.md gives it]`: each of them fails. */
  seenBy: readonly (readonly [file: string, name: string])[];
};

export type Change = {
  /**
   * An exported symbol of the changed file, so that a file may be moved and renamed: `createTokens`, or `gateway/createRoom`
   * with a folder if others export that name too. For a file without exports its name: `append.lua`.
   */
  place: string;
  /** Occurs in the file exactly once and becomes `replace`. */
  find: string;
  replace: string;
};
