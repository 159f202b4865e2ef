/**
 * Every key of the page, as data: the dialog of keys, the handlers (keyboard.ts) and a test are made from it. A new line needs a sentence
 * in both languages (words/keys.ts), and a handler unless a component has one already.
 */

/** `Mod` is Cmd on Apple's machines and Ctrl elsewhere. */
type Keys = readonly string[];
/** `page`: anywhere but in a dialog, a key without Mod or Alt only outside of fields. `list`: on a message. `field`: while writing. */
export type Place = "page" | "list" | "field";
type Line = { id: string; keys: Keys; where: Place; isElsewhere?: true };

/** In the order of the dialog. `isElsewhere`: a component handles it. */
export const KEY_TABLE = [
  { id: "switcher", keys: ["Mod+K"], where: "page" },
  { id: "previousRoom", keys: ["Alt+ArrowUp"], where: "page" },
  { id: "nextRoom", keys: ["Alt+ArrowDown"], where: "page" },
  { id: "newest", keys: ["Escape"], where: "page" },
  { id: "pageUp", keys: ["PageUp"], where: "page" },
  { id: "pageDown", keys: ["PageDown"], where: "page" },
  { id: "search", keys: ["/", "Mod+Shift+F"], where: "page" },
  { id: "help", keys: ["?", "Mod+/"], where: "page" },
  { id: "send", keys: ["Enter"], where: "field", isElsewhere: true },
  { id: "lineBreak", keys: ["Shift+Enter"], where: "field", isElsewhere: true },
  { id: "reply", keys: ["ArrowUp", "ArrowDown"], where: "field", isElsewhere: true },
  { id: "readAll", keys: ["Shift+Escape"], where: "page", isElsewhere: true },
  { id: "messages", keys: ["ArrowUp", "ArrowDown"], where: "list", isElsewhere: true },
  { id: "author", keys: ["ArrowLeft", "ArrowRight"], where: "list", isElsewhere: true },
  { id: "first", keys: ["Home"], where: "list", isElsewhere: true },
  { id: "last", keys: ["End"], where: "list" },
  { id: "pause", keys: ["Space"], where: "list", isElsewhere: true },
] as const satisfies readonly Line[];

export type KeyId = (typeof KEY_TABLE)[number]["id"];
/** The lines that keyboard.ts handles. */
export type HandledKey = Exclude<KeyId, Extract<(typeof KEY_TABLE)[number], { isElsewhere: true }>["id"]>;

export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** @param isApple whether Mod is Cmd. */
export function isPressed(keys: string, event: Pressed, isApple: boolean): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  const [ctrl, meta] = isApple ? [false, parts.includes("Mod")] : [parts.includes("Mod"), false];
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== parts.includes("Alt"))
    return false;
  // A sign such as `?` needs Shift on some keyboards and not on others.
  const isSign = key.length === 1 && !/[A-Z]/.test(key);
  if (!isSign && event.shiftKey !== parts.includes("Shift")) return false;
  // With Hangul switched on, the letter K says ㅏ.
  return event.key.toLowerCase() === key.toLowerCase() || (/^[A-Z]$/.test(key) && event.code === `Key${key}`);
}
