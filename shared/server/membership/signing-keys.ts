/** Fingerprints of signing keys, by which processes find out whether they have the same ones. They do not give a key away. */
import { createHash } from "node:crypto";

type SigningKey = { kid: string; secret: string };

/** Short, so that a guess of a weak secret cannot be confirmed by it. */
const HASH_CHARS = 12;

/** @returns `kid:hash` of each key. */
export const fingerprintsOf = (keys: readonly SigningKey[]): string[] =>
  keys.map(({ kid, secret }) => {
    const hash = createHash("sha256").update(`suda signing key\0${kid}\0${secret}`).digest("hex");
    return `${kid}:${hash.slice(0, HASH_CHARS)}`;
  });

const kidOf = (fingerprint: string): string => fingerprint.slice(0, -HASH_CHARS - 1);

/**
 * Whether processes with these keys can serve the same people. While keys are rotated the sets differ, and overlap.
 * A process without keys, such as a worker, fits all.
 */
export function fitTogether(ours: readonly string[], theirs: readonly string[]): boolean {
  if (ours.length === 0 || theirs.length === 0) return true;
  const kids = new Map(theirs.map((each) => [kidOf(each), each]));
  const sameKid = ours.filter((each) => kids.has(kidOf(each)));
  return sameKid.length > 0 && sameKid.every((each) => theirs.includes(each));
}
