/** The values that the page stores in the browser: where each is stored, and which stored values are valid. */
import { ROOM_NAME } from "../../shared/limits.ts";
import { CHOSEN, isText, oneOf } from "./choices.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import type { Author } from "./replica.ts";

/** The panel beside the conversation. */
const PANELS = ["people", "none"] as const;
type Panel = (typeof PANELS)[number];
export type KeptRoom = { name: string; title: string };

const isList =
  <T>(isItem: (each: Record<string, unknown>) => boolean) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null && isItem(each));

/** `local`: for all tabs, which follow each other. `tab`: for one tab over its reloads. */
// The script in the head uses none of these, and the mark lets the bundler leave them out there.
export const KEPT = /* @__PURE__ */ keptValues();

function keptValues() {
  const isPeople = isList<Author>(({ id, nickname }) => isText(id) && isText(nickname));
  return {
    ...CHOSEN,
    panel: { area: "local", looksRight: oneOf<Panel>(PANELS) },
    ignored: {
      area: "local",
      looksRight: isPeople,
    },
    /** The tone of skin of emoji: none, or from light to dark. */
    emojiTone: { area: "local", looksRight: oneOf(["0", "1", "2", "3", "4", "5"]) },
    /** The emoji that the person picked last, the newest first. */
    emojiRecent: { area: "local", looksRight: isList<{ emoji: string }>(({ emoji }) => isText(emoji)) },
    /** The pinned message of a room that the person put away. */
    pinsAway: {
      area: "local",
      looksRight: isList<{ room: string; seq: number }>(
        ({ room, seq }) => isText(room) && typeof seq === "number",
      ),
    },
    rooms: {
      area: "local",
      looksRight: isList<KeptRoom>(
        ({ name, title }) => isText(name) && ROOM_NAME.test(name) && isText(title),
      ),
    },
    drafts: {
      area: "tab",
      looksRight: isList<{ room: string; text: string; people?: readonly Author[] }>(
        ({ room, text, people }) =>
          isText(room) && isText(text) && (people === undefined || isPeople(people)),
      ),
    },
    outbox: {
      area: "tab",
      looksRight: isList<OutboxEntry>(({ clientId, state }) => isText(clientId) && isText(state)),
    },
  } as const;
}

export type Key = keyof typeof KEPT;
export type ValueOf<K extends Key> = (typeof KEPT)[K]["looksRight"] extends (
  value: unknown,
) => value is infer T
  ? T
  : never;
