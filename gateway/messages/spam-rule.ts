/**
 * Which messages are similar for the spam rule, and which ones it ignores. shared/server/redis/lua/admit.lua counts
 * similar ones, within the window of user-store.ts; SUDA_SPAM_MUTES_MS sets the length of a mute.
 */
import { createHash } from "node:crypto";

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
const SPACES = /\s+/gu;
/** Laughter and sobs, which Koreans repeat without meaning harm: ㅋㅋㅋ, ㅎㅎ, ㅠㅠ, ㅜㅜ. */
const LAUGHTER = /^[ㅋㅎㅠㅜ\s]+$/u;

/**
 * Equal for texts that look the same to a reader: compatibility forms, case, invisible characters and spaces are
 * folded.
 */
export function fingerprint(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().replace(INVISIBLE, "").replace(SPACES, " ").trim();
  return createHash("sha1").update(folded).digest("hex").slice(0, 16);
}

export const isLaughter = (text: string): boolean => LAUGHTER.test(text);
