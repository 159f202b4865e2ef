/**
 * The fields of a message beside its text. Owns the order in which it is found, after the rules admitted the message, so that
 * looking it up is as bounded as sending is.
 */
import { MENTION_CHARS, NICKNAME_CHARS } from "../../shared/limits.ts";
import type { Extras } from "../../shared/server/redis/event-draft.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { FindReplyTarget } from "./reply-targets.ts";

/** Unchecked, as a client sent it. `mentions`: ids of users. `replyTo`: the seq of a message of the room. */
export type ExtraWishes = { mentions?: string[] | undefined; replyTo?: number | undefined };
type Place = { room: string; userId: string };
/** @returns the existing ones among these users. @throws Unavailable. */
export type NamesOf = (ids: string[]) => Promise<{ id: string; nickname: string }[]>;

/** A name is longer than the characters that it counts for, by so much with its `@` at most. */
const SPARE_CHARS = NICKNAME_CHARS + 1 - MENTION_CHARS;

/** @returns how many characters more than the limit a text may have, until its mentions are known. */
export const spareChars = ({ mentions = [] }: ExtraWishes): number => mentions.length * SPARE_CHARS;

/**
 * @returns a function that finds the extras of a message; undefined, without waiting, for a message that is only a text. It throws Refusal
 * `too_long`, `no_such_message`, Unavailable.
 */
export function createExtras(namesOf: NamesOf, findReplyTarget: FindReplyTarget, messageChars: number) {
  return (wishes: ExtraWishes & Place, text: string): Promise<Extras> | undefined =>
    wishes.mentions?.length || wishes.replyTo !== undefined ? find(wishes, text) : undefined;

  async function find(wishes: ExtraWishes & Place, text: string): Promise<Extras> {
    const { room, userId, mentions = [], replyTo } = wishes;
    const named = mentions.length > 0 ? await findMentions(mentions, text) : {};
    if (replyTo === undefined) return named;
    return { ...named, reply: await findReplyTarget(room, replyTo, userId) };
  }

  async function findMentions(ids: string[], text: string): Promise<Extras> {
    const people = await namesOf(ids);
    const prepared = prepareText(text, messageChars, { people, mentionChars: MENTION_CHARS });
    if (!prepared.ok) throw new Refusal(prepared.code);
    return prepared.mentions?.length ? { mentions: prepared.mentions } : {};
  }
}
