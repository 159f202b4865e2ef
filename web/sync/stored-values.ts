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
/** Further choices of a person. The first of each is how it is without a choice. */
export const CHOICES = {
  textSize: ["normal", "large", "largest"],
  clock: ["region", "12", "24"],
  motion: ["system", "reduced"],
  aloud: ["all", "mentions", "nothing"],
  sound: ["off", "on"],
  keys: ["on", "off"],
} as const;
export type ChoiceKey = keyof typeof CHOICES;
export type ChoiceOf<K extends ChoiceKey> = (typeof CHOICES)[K][number];
/** A choice that holds for the next user of the browser too, until they choose. */
export type Preference = "theme" | "language" | "density" | ChoiceKey;
export type KeptRoom = { name: string; title: string };

/** Whether it is a string. */
export const isText = (value: unknown): value is string => typeof value === "string";
const oneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);
const isList =
  <T>(isItem: (each: Record<string, unknown>) => boolean) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null && isItem(each));

const isPeople = isList<Author>(({ id, nickname }) => isText(id) && isText(nickname));

/** `local`: for all tabs, which follow each other. `tab`: for one tab over its reloads. */
export const KEPT = {
  theme: { area: "local", looksRight: oneOf<Theme>(THEMES) },
  language: { area: "local", looksRight: isText },
  density: { area: "local", looksRight: oneOf<Density>(DENSITIES) },
  panel: { area: "local", looksRight: oneOf<Panel>(PANELS) },
  textSize: { area: "local", looksRight: oneOf(CHOICES.textSize) },
  clock: { area: "local", looksRight: oneOf(CHOICES.clock) },
  motion: { area: "local", looksRight: oneOf(CHOICES.motion) },
  aloud: { area: "local", looksRight: oneOf(CHOICES.aloud) },
  sound: { area: "local", looksRight: oneOf(CHOICES.sound) },
  keys: { area: "local", looksRight: oneOf(CHOICES.keys) },
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
