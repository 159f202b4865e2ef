/** Finds the message of a room that a person is notified of, in the form of the worker's. */
import type { ReadonlySignal } from "@preact/signals";
import type { HistoryAnswer } from "../../shared/http-api.ts";
import type { PushMessage } from "../../shared/push-message.ts";
import type { MessageEvent, RoomEvent } from "../../shared/server-frames.ts";
import { API } from "../sync/urls.ts";
import type { App } from "./app.ts";

const LOOKED_THROUGH = 20;

type Deps = Pick<App, "session" | "ignored" | "language" | "rooms" | "platform"> & {
  hidesText: ReadonlySignal<boolean>;
  /** How far the person has read a room, on any device. */
  readOf: (room: string) => number;
};

/** @returns a function that finds the newest message that the person has not read; `isMention`: that speaks to them. */
export function createRoomNews({ session, ignored, language, rooms, platform, hidesText, readOf }: Deps) {
  return async (room: string, isMention: boolean): Promise<PushMessage | undefined> => {
    const me = session.user.peek()?.id;
    const answer = await platform.api.asUser<HistoryAnswer>("GET", API.newest(room, LOOKED_THROUGH));
    if (!answer.ok || me === undefined) return undefined;
    const found = answer.value.events.findLast(
      (event): event is MessageEvent =>
        isOfOthers(event, me) && event.seq > readOf(room) && (!isMention || speaksTo(event, me)),
    );
    if (!found) return undefined;
    const { user, text, seq, at, reply } = found;
    const title = rooms.own(room, 0).find(({ name }) => name === room)?.title ?? room;
    return {
      ...{ to: me, room, title, seq, at, author: user.nickname, count: 1 },
      kind: isMention ? (reply?.user === me ? "reply" : "mention") : "message",
      language: language.language.peek(),
      ...(rooms.isLine(room) ? { direct: true } : {}),
      ...(text === undefined || hidesText.peek() ? {} : { text }),
    };
  };

  function isOfOthers(event: RoomEvent, me: string): event is MessageEvent {
    return event.type === "message" && !event.deleted && event.user.id !== me && !ignored.has(event.user.id);
  }
}

const speaksTo = ({ mentions = [], reply }: MessageEvent, me: string): boolean =>
  reply?.user === me || mentions.some(({ id }) => id === me);
