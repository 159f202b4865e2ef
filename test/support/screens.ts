/** The list of all screens, and the checks of each, with any content. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Visitor } from "./browser.ts";

const COMPONENTS = join(import.meta.dirname, "../../web/components");
/** The smallest phone, and a desktop. */
const SIZES = [
  { width: 320, height: 568 },
  { width: 1_280, height: 800 },
];
/** The mark of a screen; for a dialog, the value of `at`. */
const MARK = /\bdata-screen="([\w-]+)"|<Dialog\s+at="([\w-]+)"/g;

/** Every component of the page that renders something, with the screens it marks. */
export const componentsOfPage = (): { file: string; text: string; marks: string[] }[] =>
  readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".tsx"))
    .map((file) => {
      const text = readFileSync(join(COMPONENTS, file), "utf8");
      return { file, text, marks: [...text.matchAll(MARK)].map(([, own, dialog]) => own ?? dialog ?? "") };
    });

/** Every screen that the page has a mark for. */
export const screensOfPage = (): string[] => componentsOfPage().flatMap(({ marks }) => marks);

/** @returns the faults of the focus after an act of `visitor`, in the window of the act. */
export const focusFaults = ({ page }: Pick<Visitor, "page">): Promise<string[]> => page.evaluate(FOCUS);

/**
 * @returns the faults of the visible page on a phone and on a desktop, in words, and the marks of its screens. Leaves
 * the window at the size of a phone.
 */
export async function lookAt({ page, barriers }: Pick<Visitor, "page" | "barriers">) {
  const faults: string[] = [];
  const screens: string[] = [];
  for (const size of SIZES.toReversed()) {
    await page.setViewportSize(size);
    const found: { faults: string[]; screens: string[] } = await page.evaluate(LOOK);
    faults.push(...found.faults.map((fault) => `${size.width} px: ${fault}`));
    screens.push(...found.screens);
  }
  return { faults: [...faults, ...(await barriers())], screens };
}

/** Runs in the page. A string, because the tests are compiled without the browser's types. */
const LOOK = `(async () => {
  // Reactions to the window's size are done by the second frame.
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const faults = [];
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight) faults.push("the document is " + root.scrollHeight + " px high");
  if (root.scrollWidth > innerWidth) faults.push("the document is " + root.scrollWidth + " px wide");
  const visible = (selector) =>
    [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({ opacityProperty: true }));
  for (const each of visible("button, input, textarea, h1, h2, h3, p, li, form, header, dialog")) {
    const { left, right } = each.getBoundingClientRect();
    if (left < -0.5 || right > innerWidth + 0.5) faults.push("beyond the window: " + each.outerHTML.slice(0, 120));
  }
  for (const each of visible("dialog, .log, [popover]")) {
    if (each.scrollWidth > each.clientWidth) faults.push("wider than its box: " + each.outerHTML.slice(0, 120));
  }
  for (const each of visible("button, a")) {
    // Text with an ellipsis is cut on purpose and does not count as overflowing.
    const isCut = getComputedStyle(each).textOverflow === "ellipsis";
    if (!isCut && each.scrollWidth > each.clientWidth + 1) faults.push("wider than its button: " + each.innerText);
  }
  for (const each of visible("dialog[open]")) {
    each.scrollTop = each.scrollHeight;
    const close = each.querySelector(".dialog-head .icon-button")?.getBoundingClientRect();
    if (close && (close.top < 0 || close.bottom > innerHeight)) faults.push("cannot be closed once it is scrolled: " + each.dataset.screen);
    each.scrollTop = 0;
  }
  for (const each of visible("[data-screen]")) {
    const top = each.getBoundingClientRect().top + each.clientTop;
    const first = each.firstElementChild?.getBoundingClientRect().top ?? top;
    if (each.scrollTop === 0 && first < top - 0.5) faults.push("begins above its place: " + each.dataset.screen);
    // On a wide window a sidebar must be beside the rest, not over it.
    if (innerWidth > 1_000 && each.matches("aside") && each.getBoundingClientRect().width > innerWidth / 2)
      faults.push("takes the whole window: " + each.dataset.screen);
  }
  const headings = visible("h1");
  if (headings.length !== 1) faults.push(headings.length + " main headings");
  if (headings.some((each) => each.getBoundingClientRect().width < 48)) faults.push("the main heading is not seen");
  return { faults, screens: visible("[data-screen]").map((each) => each.dataset.screen) };
})()`;

const FOCUS = `(async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const faults = [];
  const focus = document.activeElement;
  const dialog = document.querySelector("dialog[open]");
  if (dialog && !dialog.contains(focus)) faults.push("the focus is not in the dialog");
  if (focus === document.body) faults.push("the focus is nowhere");
  if (!focus.checkVisibility()) faults.push("the focus is nowhere to be seen");
  if (focus.matches(":disabled")) faults.push("the focus is on what is disabled: " + focus.outerHTML.slice(0, 120));
  return faults;
})()`;
