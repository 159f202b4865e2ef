/** A walk over screens: checks each step, and collects the faults. */
import type { Visitor } from "./browser.ts";
import { focusFaults, lookAt, screensOfPage } from "./screens.ts";

export type Seen = Pick<Visitor, "page" | "barriers">;

const MARKS = screensOfPage();
const found = new Map<string, string[]>();
const seen = new Set<string>();

/** The faults, by step. */
export const faultsFound = (): Record<string, string[]> =>
  Object.fromEntries([...found].filter(([, faults]) => faults.length > 0));

export const forgetFaults = (): void => found.clear();

/** The marks of all screens seen on any step. */
export const walked = (): string[] => [...seen];

export function walker(visitor: Seen) {
  return {
    /** Takes a step. `screen`: the mark of the screen it reaches, by default the name of the step. */
    async walk(step: string, arrive: () => Promise<unknown>, screen = step) {
      await arrive();
      const lost = await focusFaults(visitor);
      await look(step, screen, lost);
    },
    /** The same for an untouched page, where nothing has the focus yet. */
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
