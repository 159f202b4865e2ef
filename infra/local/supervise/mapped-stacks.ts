/**
 * Goes first in each bundle, so that stacks name the lines of the sources. The map beside a bundle is read at the first stack that is asked for:
 * Node's own `--enable-source-maps` reads it at every start, which is a quarter of the time that a gateway needs for that.
 */
import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

const maps = new Map<string, SourceMap | undefined>();

Error.prepareStackTrace = (error, sites) =>
  [Error.prototype.toString.call(error), ...sites.map((site) => `    at ${inSource(site)}`)].join("\n");

function inSource(site: NodeJS.CallSite): string {
  const [url, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (!url?.startsWith("file:") || !line || !column) return String(site);
  const entry = mapOf(url)?.findEntry(line - 1, column - 1);
  if (!entry || !("originalSource" in entry)) return String(site);
  const source = new URL(entry.originalSource, url).href;
  return String(site).replace(
    `${url}:${line}:${column}`,
    () => `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
  );
}

/** @returns undefined for a file that has none. */
function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(`${url}.map`), "utf8")) as SourceMapPayload);
  } catch {
    // A stack without the sources' lines is better than none.
    return undefined;
  }
}
