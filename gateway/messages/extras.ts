/**
 * The fields of a message beside its text. Owns the order in which it is found, after the rules admitted the message, so that
 * looking it up is as bounded as sending is.
 */
import { MENTION_CHARS, NICKNAME_CHARS } from "../../shared/limits.ts";
import type { Extras } from "../../shared/server/redis/event-draft.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";

/** Unchecked, as a client sent it. `mentions`: ids of users. */
export type ExtraWishes = { mentions?: string[] | undefined };
/** @returns the existing ones among these users. @throws Unavailable. */
export type NamesOf = (ids: string[]) => Promise<{ id: string; nickname: string }[]>;

/** A name is longer than the characters that it counts for, by so much with its `@` at most. */
const SPARE_CHARS = NICKNAME_CHARS + 1 - MENTION_CHARS;

/** @returns how many characters more than the limit a text may have, until its mentions are known. */
export const spareChars = ({ mentions = [] }: ExtraWishes): number => mentions.length * SPARE_CHARS;

/**
 * @returns a function that finds the extras of a message; undefined, without waiting, for a message that is only a text. It throws Refusal
 * `too_long`, Unavailable.
 */
export function createExtras(namesOf: NamesOf, messageChars: number) {
  return (wishes: ExtraWishes, text: string): Promise<Extras> | undefined =>
    wishes.mentions?.length ? find(wishes.mentions, text) : undefined;

  async function find(ids: string[], text: string): Promise<Extras> {
    const people = await namesOf(ids);
    const prepared = prepareText(text, messageChars, { people, mentionChars: MENTION_CHARS });
    if (!prepared.ok) throw new Refusal(prepared.code);
    return prepared.mentions?.length ? { mentions: prepared.mentions } : {};
  }
}
