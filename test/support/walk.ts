/** A walk over screens: each step is looked at, and what is wrong there is kept until it is asked for. */
import type { Visitor } from "./browser.ts";
import { focusFaults, lookAt, screensOfPage } from "./screens.ts";

export type Seen = Pick<Visitor, "page" | "barriers">;

const MARKS = screensOfPage();
const found = new Map<string, string[]>();
const seen = new Set<string>();

/** What was wrong, by step. */
export const faultsFound = (): Record<string, string[]> =>
  Object.fromEntries([...found].filter(([, faults]) => faults.length > 0));

export const forgetFaults = (): void => found.clear();

/** The marks of all screens that were seen on any step. */
export const walked = (): string[] => [...seen];

export function walker(visitor: Seen) {
  return {
    /** A step, named by the mark of the screen that it leads to, or else with that mark, where it has one. */
    async walk(step: string, arrive: () => Promise<unknown>, screen = step) {
      await arrive();
      const lost = await focusFaults(visitor);
      await look(step, screen, lost);
    },
    /** The same of a page that nobody has touched yet: the focus is at its beginning, which is nowhere. */
    async open(step: string, arrive: () => Promise<unknown>, screen = step) {
      await arrive();
      await look(step, screen, []);
    },
  };

  async function look(step: string, screen: string, lost: string[]) {
    const { faults, screens } = await lookAt(visitor);
    for (const each of screens) seen.add(each);
    const isMissed = MARKS.includes(screen) && !screens.includes(screen);
    found.set(step, [...lost, ...faults, ...(isMissed ? [`${screen} is not on screen`] : [])]);
  }
}
