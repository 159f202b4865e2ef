/** The form of an emoji that somebody may react with, by the same function on both sides of the wire. */

/** Longest emoji in bytes of UTF-8: two people of different skin who kiss have 35. */
const EMOJI_BYTES = 40;
const ONE = /^\p{RGI_Emoji}$/v;
const PICTURE = "\uFE0F";
const encoder = new TextEncoder();

/**
 * @returns the emoji in its full form, so that the same one is not counted as two (❤ and ❤️); undefined if the text is not exactly one emoji
 * that Unicode recommends for general interchange.
 */
export function fullEmoji(text: string): string | undefined {
  const full = [text, `${text}${PICTURE}`].find((form) => ONE.test(form));
  return full !== undefined && encoder.encode(full).length <= EMOJI_BYTES ? full : undefined;
}
