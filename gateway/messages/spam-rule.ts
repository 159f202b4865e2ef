/**
 * What makes two messages alike for the spam rule, and which ones the rule leaves alone. How many alike are too many is counted
 * in shared/server/redis/lua/admit.lua, within the window of user-store.ts; how long a mute lasts is the setting SUDA_SPAM_MUTES_MS.
 */
import { createHash } from "node:crypto";

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
const SPACES = /\s+/gu;
/** Laughter and sobs, which Koreans repeat without meaning harm: ㅋㅋㅋ, ㅎㅎ, ㅠㅠ, ㅜㅜ. */
const LAUGHTER = /^[ㅋㅎㅠㅜ\s]+$/u;

/** Equal for texts that a reader would call the same: compatibility forms, case, invisible characters and spaces folded. */
export function fingerprint(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().replace(INVISIBLE, "").replace(SPACES, " ").trim();
  return createHash("sha1").update(folded).digest("hex").slice(0, 16);
}

export const isLaughter = (text: string): boolean => LAUGHTER.test(text);
