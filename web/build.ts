/**
 * Bundles the client into `web/dist`: assets with hashed names that may be cached for ever, one page that may not,
 * files with fixed names (`public`), and a `.gz` beside each file. Fails when the scripts exceed their size budget.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { BROWSERS_IN_WORDS, OLDEST_BROWSERS } from "./oldest-browsers.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(HERE, "dist");
const PUBLIC = join(HERE, "public");
/** All scripts together, gzipped: Preact with signals takes 8 KB of it, and the two languages take 8 KB. */
const BUDGET_BYTES = 54 * 1024;

const COMMON = {
  absWorkingDir: HERE,
  outdir: join(DIST, "assets"),
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  // Keeps Hangul, because escapes take three times the size.
  charset: "utf8",
  write: false,
  target: Object.entries(OLDEST_BROWSERS).map(([name, version]) => name + version),
  logLevel: "warning",
} satisfies BuildOptions;

const BUNDLES: BuildOptions[] = [
  {
    ...COMMON,
    entryPoints: ["main.tsx", "styles/main.css", "favicon.svg"],
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
  },
  // Not modules, because they must run before the rest of the page is parsed.
  { ...COMMON, entryPoints: ["theme-boot.ts"], format: "iife" },
  { ...COMMON, entryPoints: ["browser-check.ts"], format: "iife", target: "es5" },
];

/** A finished file, unlike the temporary ones that another build is about to rename. */
const ASSET = /\.(js|css|svg)(\.gz)?$/;

/** The name of each asset in `index.html`. */
const PLACES = [
  ["browser-check", /^browser-check-.*\.js$/],
  ["theme-boot", /^theme-boot-.*\.js$/],
  ["main", /^main-.*\.js$/],
  ["styles", /^main-.*\.css$/],
  ["favicon", /^favicon-.*\.svg$/],
] as const;

/**
 * Builds in place. Every file appears whole, the page last, so a server may serve the folder meanwhile.
 * @returns the size of all scripts, gzipped.
 * @throws Error when the code does not bundle, or when that size exceeds the budget.
 */
export async function buildClient(): Promise<{ folder: string; scriptBytes: number }> {
  const results = await Promise.all(BUNDLES.map((bundle) => build(bundle)));
  const files = results.flatMap((result) => result.outputFiles ?? []);
  const names = files.map((file) => basename(file.path));
  const zipped = await Promise.all(files.map((file) => compress(file.contents)));
  const scriptBytes = zipped.reduce(
    (sum, bytes, i) => sum + (names[i]?.endsWith(".js") ? bytes.length : 0),
    0,
  );
  if (scriptBytes > BUDGET_BYTES) {
    throw new Error(`the scripts are ${scriptBytes} bytes gzipped; the budget is ${BUDGET_BYTES}`);
  }

  await mkdir(COMMON.outdir, { recursive: true });
  await Promise.all(files.map((file) => put(file.path, file.contents)));
  await putPublic();
  await put(join(DIST, "index.html"), fillIn(await readFile(join(HERE, "index.html"), "utf8"), names));
  await dropStale(names);
  return { folder: DIST, scriptBytes };
}

function fillIn(page: string, names: readonly string[]): string {
  const withBrowsers = page.replaceAll("{{browsers}}", BROWSERS_IN_WORDS);
  return PLACES.reduce((text, [place, shape]) => {
    const name = names.find((candidate) => shape.test(candidate));
    if (!name) throw new Error(`the build made no file for {{${place}}}`);
    return text.replace(`{{${place}}}`, `/assets/${name}`);
  }, withBrowsers);
}

/** Copies the files whose names must not have a hash, such as `/robots.txt`, and the icon of the tab. */
async function putPublic() {
  for (const name of await readdir(PUBLIC)) await put(join(DIST, name), await readFile(join(PUBLIC, name)));
  await put(join(DIST, "icon.svg"), await readFile(join(HERE, "favicon.svg")));
}

async function put(path: string, contents: string | Uint8Array) {
  for (const [name, bytes] of [
    [path, contents],
    [`${path}.gz`, await compress(contents)],
  ] as const) {
    const unfinished = `${name}.${process.pid}`;
    await writeFile(unfinished, bytes);
    await rename(unfinished, name);
  }
}

async function dropStale(names: readonly string[]) {
  const current = new Set(names.flatMap((name) => [name, `${name}.gz`]));
  for (const name of await readdir(COMMON.outdir)) {
    if (ASSET.test(name) && !current.has(name)) await rm(join(COMMON.outdir, name), { force: true });
  }
}

async function compress(contents: string | Uint8Array): Promise<Uint8Array> {
  // Less memory makes shorter blocks with codes of their own. They compress better, because code and two languages
  // alternate in a bundle.
  return await promisify(gzip)(contents, { level: 9, memLevel: 7 });
}

if (import.meta.main) {
  const { folder, scriptBytes } = await buildClient();
  process.stdout.write(`${folder}: ${scriptBytes} of ${BUDGET_BYTES} bytes of script\n`);
}
