/**
 * The reactions that a client wants: sent until they are acknowledged, and in a new epoch once more unless PostgreSQL has their event. Pure: it
 * decides which are due, the client writes them.
 */
import { type FrameCode, RETRIABLE } from "../../../shared/codes.ts";
import type { ReactionsEvent } from "../../../shared/server-frames.ts";

export type Wish = {
  clientId: string;
  target: number;
  emoji: string;
  on: boolean;
  /** The connection that it was written to last; 0: none. */
  writtenOn: number;
  /** `open` until it is answered for good; else `acked`, or the code of the refusal. */
  answer: string;
  /** An earlier wish about the same was written without an answer, and may take effect later than this one. */
  isUnclear: boolean;
  /** The event that has it. */
  seenAt: number | undefined;
  /** When it was acknowledged for the second time, in another epoch: then there is an event only if the first one was lost. */
  againAt: number | undefined;
};

/** An acknowledged reaction is in an event by then. */
const GATHERED_MS = 3_000;

const EMOJIS = ["👍", "🔥", "❤️"];

/** @param user the id of the one who wishes. */
export function createWishes(user: string) {
  const wishes = new Map<string, Wish>();
  const unanswered = new Map<string, number>();
  let made = 0;

  return {
    all: (): readonly Wish[] => [...wishes.values()],
    /** The number of wishes that are not answered, or in no event yet. */
    open: (isGone: (target: number) => boolean): number =>
      [...wishes.values()].filter(
        ({ answer, seenAt, againAt, target }) =>
          answer === "open" ||
          (answer === "acked" &&
            seenAt === undefined &&
            (againAt === undefined || performance.now() - againAt < GATHERED_MS) &&
            !isGone(target)),
      ).length,

    /** Wants a reaction to a message, or the contrary of the one that is there. */
    want(target: number): void {
      const emoji = EMOJIS[made % EMOJIS.length] as string;
      const key = `${target} ${emoji}`;
      const before = wishes.get(key);
      if (before && (before.answer !== "acked" || (before.seenAt ?? before.againAt) === undefined)) return;
      wishes.set(key, {
        ...{ clientId: `r${user}-${++made}`, target, emoji, on: !before?.on },
        ...{ writtenOn: 0, answer: "open", seenAt: undefined, againAt: undefined },
        isUnclear: (unanswered.get(key) ?? 0) > 0,
      });
    },

    /** @returns those to write on a connection, as written. */
    due(connection: number): Wish[] {
      const due = [...wishes.values()].filter(
        ({ answer, writtenOn }) => answer === "open" && writtenOn !== connection,
      );
      for (const wish of due) {
        wish.writtenOn = connection;
        count(wish, 1);
      }
      return due;
    },

    /** @returns whether there is such a wish. */
    acknowledged(clientId: string): boolean {
      const wish = find(clientId);
      if (!wish) return false;
      count(wish, -1);
      if (wish.answer === "open") wish.answer = "acked";
      if (wish.againAt !== undefined) wish.againAt = performance.now();
      return true;
    },

    /** @returns whether it is to be written again later; undefined: there is no such wish. */
    refused(clientId: string, code: FrameCode): boolean | undefined {
      const wish = find(clientId);
      if (!wish) return undefined;
      // The outcome of `unavailable` is open.
      if (code !== "unavailable") count(wish, -1);
      if (RETRIABLE.includes(code)) return true;
      wish.answer = code;
      return false;
    },

    forgetWrite(clientId: string): void {
      const wish = find(clientId);
      if (wish) wish.writtenOn = 0;
    },

    event({ seq, changes }: ReactionsEvent): void {
      for (const { target, emoji, on, off } of changes) {
        const wish = wishes.get(`${target} ${emoji}`);
        if (wish && (wish.on ? on : off).includes(user)) wish.seenAt = seq;
      }
    },

    /** A new epoch: reactions above `stored` may be lost. */
    renew(stored: number): void {
      for (const wish of wishes.values())
        if (wish.answer === "acked" && (wish.seenAt ?? Number.POSITIVE_INFINITY) > stored)
          Object.assign(wish, { answer: "open", writtenOn: 0, seenAt: undefined, againAt: 0 });
    },
  };

  function find(clientId: string): Wish | undefined {
    return [...wishes.values()].find((wish) => wish.clientId === clientId);
  }

  function count({ target, emoji }: Wish, by: number): void {
    const key = `${target} ${emoji}`;
    unanswered.set(key, (unanswered.get(key) ?? 0) + by);
  }
}
