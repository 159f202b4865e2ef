/** The oldest browsers of the README run the page: nothing that it uses is newer, and every older one is told so. */
import { expect, test } from "vitest";
import { BROWSERS_IN_WORDS, OLDEST_BROWSERS } from "../web/oldest-browsers.ts";
import { lookUp, sinceWhen } from "./support/compat.ts";
import { type Features, featuresIn, featuresOfScripts, featuresOfStyles } from "./support/page-features.ts";
import { readText } from "./support/sources.ts";

/** Where a browser lacks one of these, or has a part of it, the page does as well. */
const DISPENSABLE: Record<string, string> = {
  "text-size-adjust": "only phones enlarge text by themselves",
  "-webkit-tap-highlight-color": "only phones highlight a tap",
  "-webkit-touch-callout": "only iPhones have the menu",
  "cursor: pointer": "an iPad shows its own pointer",
  "cursor: default": "an iPad shows its own pointer",
  "forced-color-adjust": "only Windows forces colours",
  "align-content: safe": "the screen of a ban is higher than the window only with very large text",
  "Navigator.share": "asked for before it is called; elsewhere the link is copied",
  resize: "what is not resizable need not be told so",
  "field-sizing": "a long text scrolls in its field",
  "user-select": "Safari has it with a prefix",
  "overflow-anchor": "the list holds its rows itself",
  "overscroll-behavior": "it is for lists that scroll, where the partial ones have it",
  "scrollbar-gutter": "rows are a little wider",
  "anchor-name": "the details have a fixed place too",
  "anchor()": "the details have a fixed place too",
  "inset-block-start: anchor": "the details have a fixed place too",
  "AbortSignal.timeout": "only the name of its error was another, which nobody asks for",
  "KeyboardEvent.isComposing": "Safari says it too late, so key codes are asked too",
  "KeyboardEvent.repeat": "only some platforms had none",
  TouchEvent: "a computer without touch has no touches",
  "TouchEvent.touches": "a computer without touch has no touches",
  "Touch.clientY": "a computer without touch has no touches",
  Notification: "the settings say where there are none, and the worker shows them on phones",
  "Notification.permission": "the settings say where there are none",
  "Notification.requestPermission": "the settings say where there are none",
  "NavigatorCookies.cookieEnabled": "Safari was wrong about frames only, and the page is in none",
};

/** The questions of the check in the page, as they are written there. */
const ASKED = {
  '"light-dark(': lookUp.type("light-dark"),
  '"popover" in HTMLElement.prototype': lookUp.attribute("popover"),
  '"Segmenter" in Intl': lookUp.member("Intl", "Segmenter"),
};

/** The features that one of the oldest browsers lacks, with the version that has it. */
const tooNew = (features: Features): Map<string, string> =>
  new Map(
    [...features].flatMap(([name, entries]) => {
      const since = sinceWhen(entries);
      const lacking = Object.entries(OLDEST_BROWSERS)
        .filter(([platform, version]) => since && (since[platform] ?? 0) > Number(version))
        .map(([platform]) => `${platform} ${since?.[platform]}`);
      return lacking.length > 0 ? [[name, lacking.join(", ")]] : [];
    }),
  );
const isDispensable = (name: string): boolean =>
  Object.hasOwn(DISPENSABLE, name) || Object.hasOwn(DISPENSABLE, name.replace(/: .*/, ""));

test("nothing that the page uses is newer than the oldest browsers, but what it can do without", {
  timeout: 60_000,
}, () => {
  const features = new Map([...featuresOfStyles(), ...featuresOfScripts()]);
  expect(features.size).toBeGreaterThan(500);
  const found = [...tooNew(features)];
  expect(found.filter(([name]) => !isDispensable(name))).toEqual([]);
  const needless = Object.keys(DISPENSABLE).filter((name) => !found.some(([other]) => other === name));
  expect(needless).toEqual([]);
});

test.each([
  ["@starting-style { a { color: red } }", "@starting-style"],
  ["@media (inverted-colors) { a { color: red } }", "@media (inverted-colors)"],
  ["@media (width > 1px) { a:open { color: red } }", ":open"],
  ["a { text-wrap: pretty }", "text-wrap: pretty"],
  ["a { width: calc-size(auto, size) }", "calc-size()"],
  ["a { width: 2rcap }", "rcap"],
])("a newer feature of styles is found: %s", (sheet, feature) => {
  expect([...tooNew(featuresIn(sheet)).keys()]).toContain(feature);
});

test("every browser that is older lacks something that the check in the page asks for", () => {
  const check = readText("web/browser-check.ts");
  expect(Object.keys(ASKED).filter((text) => !check.includes(text))).toEqual([]);
  const since = Object.values(ASKED).map(sinceWhen);
  const newest = Object.keys(OLDEST_BROWSERS).map((platform) => [
    platform,
    String(Math.max(...since.map((versions) => versions?.[platform] ?? 0))),
  ]);
  expect(Object.fromEntries(newest)).toEqual(OLDEST_BROWSERS);
});

test("the README names them in both languages", () => {
  expect(readText("README.md")).toContain(BROWSERS_IN_WORDS);
  expect(readText("README.ko.md")).toContain(BROWSERS_IN_WORDS);
});
