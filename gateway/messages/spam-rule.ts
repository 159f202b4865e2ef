/**
 * Which messages are similar for the spam rule, and which ones it ignores. shared/server/redis/lua/admit.lua counts
 * similar ones, within the window of user-store.ts; SUDA_SPAM_MUTES_MS sets the length of a mute.
 */
import { hash } from "node:crypto";

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
/** Spaces that are not one plain space. */
const SPACES = /\s{2,}|[^\S ]/gu;
/** Texts with nothing to fold but case and spaces, as most are: printable ASCII and precomposed Hangul. */
const PLAIN = /^[\x20-\x7e\uac00-\ud7a3]*$/;
/** Laughter and sobs, which Koreans repeat without meaning harm: ㅋㅋㅋ, ㅎㅎ, ㅠㅠ, ㅜㅜ. */
const LAUGHTER = /^[ㅋㅎㅠㅜ\s]+$/u;

/**
 * Equal for texts that look the same to a reader: compatibility forms, case, invisible characters and spaces are
 * folded.
 */
export function fingerprint(text: string): string {
  const visible = PLAIN.test(text) ? text.toLowerCase() : withoutForms(text);
  return hash("sha1", visible.replace(SPACES, " ").trim()).slice(0, 16);
}

const withoutForms = (text: string): string => text.normalize("NFKC").toLowerCase().replace(INVISIBLE, "");

export const isLaughter = (text: string): boolean => LAUGHTER.test(text);
