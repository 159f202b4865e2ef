/**
 * Faults of this page: told to the cluster, a few of them and each once, by their class and where in our own scripts they arose. What
 * an error says is not told: it may hold what a person wrote.
 */
import type { ClientErrorBody } from "../../shared/http-api.ts";

export type Where = ClientErrorBody["where"];

/** Of one page: what fails again and again is told often enough by then. */
const TOLD_MOST = 5;
const PLACES_MOST = 8;
const PLACE = /\/assets\/([A-Za-z0-9._-]{1,60}\.js:\d{1,7}:\d{1,7})(?!\d)/g;

export type PageFaults = ReturnType<typeof createPageFaults>;

/** @param send tells the cluster; must not throw. */
export function createPageFaults(send: (fault: ClientErrorBody) => void) {
  const told = new Set<string>();

  return {
    /** @returns whether the fault is ours: else it is that of an extension, or of nobody that is known. */
    heard(where: Where, error: unknown): boolean {
      const at = placesOf(error);
      const isOurs = at.length > 0 || where === "start" || where === "screen";
      const fault = { where, name: nameOf(error), at };
      const key = JSON.stringify(fault);
      if (!isOurs || told.has(key) || told.size >= TOLD_MOST) return isOurs;
      told.add(key);
      send(fault);
      return true;
    },
  };
}

/** Letters only, as the cluster takes it. */
export function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^[A-Za-z]{1,40}$/.test(name) ? name : "Error";
}

/** Where in our own scripts the error arose, innermost first. */
export function placesOf(error: unknown): string[] {
  const stack = error instanceof Error ? String(error.stack ?? "") : "";
  // The first lines may be the error's own words, over as many lines as these have.
  const frames = stack.split("\n").filter((line) => /^\s*at |^[^@\s]*@http/.test(line));
  return frames
    .flatMap((line) => [...line.matchAll(PLACE)].map(([, place = ""]) => place))
    .slice(0, PLACES_MOST);
}

/** Listens for what nothing else caught. @param told called for each fault of ours. */
export function watchPage(view: Pick<Window, "addEventListener">, faults: PageFaults, told: () => void) {
  const heard = (where: Where, error: unknown) => faults.heard(where, error) && told();
  view.addEventListener("error", ({ error }) => heard("event", error));
  view.addEventListener("unhandledrejection", ({ reason }) => heard("promise", reason));
}
