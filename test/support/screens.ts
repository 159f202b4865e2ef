/** What must hold of every screen, whatever is on it. */
import type { Visitor } from "./browser.ts";

/** The smallest phone, and a desk. */
const SIZES = [
  { width: 320, height: 568 },
  { width: 1_280, height: 800 },
];

/** What is wrong with what `visitor` sees, on a phone and at a desk, in words. The window is a phone's afterwards. */
export async function faultsOf({ page, barriers }: Visitor): Promise<string[]> {
  const found: string[] = [];
  for (const size of SIZES.toReversed()) {
    await page.setViewportSize(size);
    const faults: string[] = await page.evaluate(LOOK);
    found.push(...faults.map((fault) => `${size.width} px: ${fault}`));
  }
  return [...found, ...(await barriers())];
}

/** Runs in the page; as text, since the tests are compiled without the browser's types. */
const LOOK = `(async () => {
  // What follows the window's size has followed by the second frame.
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
  const headings = visible("h1");
  if (headings.length !== 1) faults.push(headings.length + " main headings");
  if (headings.some((each) => each.getBoundingClientRect().width < 48)) faults.push("the main heading is not seen");
  const focus = document.activeElement;
  const dialog = document.querySelector("dialog[open]");
  if (dialog && !dialog.contains(focus)) faults.push("the focus is not in the dialog");
  if (!focus || !focus.checkVisibility()) faults.push("the focus is nowhere to be seen");
  return faults;
})()`;
