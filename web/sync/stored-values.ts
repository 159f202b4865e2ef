/** The values that the page stores in the browser: where each is stored, and which stored values are valid. */
import { ROOM_NAME } from "../../shared/limits.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import type { Author } from "./replica.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
/** How messages stand: a line each, or in bubbles with more room. */
export const DENSITIES = ["compact", "cozy"] as const;
export type Density = (typeof DENSITIES)[number];
/** The panel beside the conversation. */
const PANELS = ["people", "none"] as const;
type Panel = (typeof PANELS)[number];
export type KeptRoom = { name: string; title: string };

/** Whether it is a string. */
export const isText = (value: unknown): value is string => typeof value === "string";
const isDensity = (value: unknown): value is Density => DENSITIES.some((density) => density === value);
const isPanel = (value: unknown): value is Panel => PANELS.some((panel) => panel === value);
const isTheme = (value: unknown): value is Theme => THEMES.some((theme) => theme === value);
const isList =
  <T>(isItem: (each: Record<string, unknown>) => boolean) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null && isItem(each));

const isPeople = isList<Author>(({ id, nickname }) => isText(id) && isText(nickname));

/** `local`: for all tabs, which follow each other. `tab`: for one tab over its reloads. */
export const KEPT = {
  theme: { area: "local", looksRight: isTheme },
  language: { area: "local", looksRight: isText },
  density: { area: "local", looksRight: isDensity },
  panel: { area: "local", looksRight: isPanel },
  ignored: {
    area: "local",
    looksRight: isList<Author>(({ id, nickname }) => isText(id) && isText(nickname)),
  },
  /** The pinned message of a room that the person put away. */
  pinsAway: {
    area: "local",
    looksRight: isList<{ room: string; seq: number }>(
      ({ room, seq }) => isText(room) && typeof seq === "number",
    ),
  },
  rooms: {
    area: "local",
    looksRight: isList<KeptRoom>(({ name, title }) => isText(name) && ROOM_NAME.test(name) && isText(title)),
  },
  drafts: {
    area: "tab",
    looksRight: isList<{ room: string; text: string; people?: readonly Author[] }>(
      ({ room, text, people }) => isText(room) && isText(text) && (people === undefined || isPeople(people)),
    ),
  },
  outbox: {
    area: "tab",
    looksRight: isList<OutboxEntry>(({ clientId, state }) => isText(clientId) && isText(state)),
  },
} as const;

export type Key = keyof typeof KEPT;
export type ValueOf<K extends Key> = (typeof KEPT)[K]["looksRight"] extends (
  value: unknown,
) => value is infer T
  ? T
  : never;
