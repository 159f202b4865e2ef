/** Finds the file of a change by an exported symbol, or by the name of a file without exports. */
import { basename } from "node:path";
import { listFiles, readSources } from "../support/sources.ts";

const EXPORT = /^export\s+(?:async\s+)?(?:function|const|class)\s+([A-Za-z_$][\w$]*)/gm;

/** @returns a function that finds the one file of a place, and throws an Error when there is none or more than one. */
export function createLocator(): (place: string) => string {
  const named: [name: string, path: string][] = [
    ...readSources()
      .filter(({ isTest }) => !isTest)
      .flatMap(({ path, text }) => [...text.matchAll(EXPORT)].map(([, name = ""]) => pair(name, path))),
    ...listFiles().map((path) => pair(basename(path), path)),
  ];
  const pathsOf = Map.groupBy(named, ([name]) => name);

  return (place) => {
    const folder = place.slice(0, place.lastIndexOf("/") + 1);
    const paths = (pathsOf.get(place.slice(folder.length)) ?? []).map(([, path]) => path);
    const [found, ...others] = paths.filter((path) => path.startsWith(folder));
    if (found === undefined) throw new Error(`${place}: no file exports this or has this name`);
    if (others.length > 0)
      throw new Error(`${place}: name a folder, it is in ${[found, ...others].join(", ")}`);
    return found;
  };
}

const pair = (name: string, path: string): [string, string] => [name, path];
