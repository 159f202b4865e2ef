/**
 * Reports the faults of this page to the cluster: a few of them, each once, by class and place in our own scripts. The message of an
 * error is not reported, because it may contain text that a person wrote.
 */
import type { ClientErrorBody } from "../../shared/http-api.ts";

export type Where = ClientErrorBody["where"];

/** Per page. By then a repeated fault has been reported often enough. */
const MAX_REPORTED = 5;
const MAX_PLACES = 8;
const PLACE = /\/assets\/([A-Za-z0-9._-]{1,60}\.js:\d{1,7}:\d{1,7})(?!\d)/g;

export type PageFaults = ReturnType<typeof createPageFaults>;

/** @param send reports to the cluster; must not throw. */
export function createPageFaults(send: (fault: ClientErrorBody) => void) {
  const reported = new Set<string>();

  return {
    /** @returns whether the fault is ours. Otherwise it is an extension's, or of unknown origin. */
    report(where: Where, error: unknown): boolean {
      const at = placesOf(error);
      const isOurs = at.length > 0 || where === "start" || where === "screen";
      const fault = { where, name: nameOf(error), at };
      const key = JSON.stringify(fault);
      if (!isOurs || reported.has(key) || reported.size >= MAX_REPORTED) return isOurs;
      reported.add(key);
      send(fault);
      return true;
    },
  };
}

/** Letters only, because the cluster accepts nothing else. */
export function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^[A-Za-z]{1,40}$/.test(name) ? name : "Error";
}

/** @returns positions of the error in our own scripts, innermost first. */
export function placesOf(error: unknown): string[] {
  const stack = error instanceof Error ? String(error.stack ?? "") : "";
  // The first lines may be the error's message, which may have several lines.
  const frames = stack.split("\n").filter((line) => /^\s*at |^[^@\s]*@http/.test(line));
  return frames
    .flatMap((line) => [...line.matchAll(PLACE)].map(([, place = ""]) => place))
    .slice(0, MAX_PLACES);
}

/** Listens for errors that nothing else caught. @param reported called for each fault of ours. */
export function watchPage(view: Pick<Window, "addEventListener">, faults: PageFaults, reported: () => void) {
  const report = (where: Where, error: unknown) => faults.report(where, error) && reported();
  view.addEventListener("error", ({ error }) => report("event", error));
  view.addEventListener("unhandledrejection", ({ reason }) => report("promise", reason));
}
