/** The answers of the routes that read reactions. */
import type { PublicUser } from "./server-frames.ts";

/** `you`: whether the caller is among them. */
export type CountedReaction = { target: number; emoji: string; count: number; you: boolean };
/** By message. The reactions as they are after the event `upTo`. */
export type ReactionsAnswer = { upTo: number; reactions: CountedReaction[] };
/** `people`: the first who reacted, at most 50. */
export type ReactionListAnswer = { reactions: { emoji: string; count: number; people: PublicUser[] }[] };
