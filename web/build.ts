/**
 * Bundles the client into `web/dist`: assets with hashed names that may be cached for ever, one page that may not,
 * files with fixed names (`public`), and a `.gz` beside each file. Fails when what a first visit loads exceeds its size budget.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type BuildOptions, type BuildResult, build, type Metafile } from "esbuild";
import { emojiDataPlugin } from "./emoji-data.ts";
import { makeIcons } from "./icons/icons.ts";
import { BROWSERS_IN_WORDS, OLDEST_BROWSERS } from "./oldest-browsers.ts";
import { LANGUAGES } from "./words/languages.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(HERE, "dist");
const PUBLIC = join(HERE, "public");
/** Of all that a first visit loads, gzipped, in the larger language. Everything else is fetched when it is needed, or when the page has nothing to do. */
const SCRIPT_BUDGET_BYTES = 50 * 1024;
const STYLE_BUDGET_BYTES = 10 * 1024;

const COMMON = {
  absWorkingDir: HERE,
  outdir: join(DIST, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  // Keeps Hangul, because escapes take three times the size.
  charset: "utf8",
  write: false,
  target: Object.entries(OLDEST_BROWSERS).map(([name, version]) => name + version),
  logLevel: "warning",
} satisfies BuildOptions;

const BUNDLES: BuildOptions[] = [
  {
    ...COMMON,
    entryPoints: ["main.tsx", "styles/main.css", "styles/on-demand.css", "favicon.svg"],
    format: "esm",
    splitting: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    plugins: [emojiDataPlugin],
  },
  // Not modules, because they must run before the rest of the page is parsed.
  { ...COMMON, entryPoints: ["theme-boot.ts"], format: "iife" },
  { ...COMMON, entryPoints: ["browser-check.ts"], format: "iife", target: "es5" },
  // Beside the page, because a service worker serves what lies below it, and by names that stay, because browsers ask for them again.
  {
    ...COMMON,
    entryPoints: { sw: "service-worker.ts", "sw-off": "service-worker-off.ts" },
    outdir: DIST,
    entryNames: "[name]",
    format: "iife",
  },
];

/** A finished file, unlike the temporary ones that another build is about to rename. */
const ASSET = /\.(js|css|svg)(\.gz)?$/;

/** The style sheet of a first visit. */
const FIRST_STYLES = /^main-.*\.css$/;

/** The name of each asset in `index.html`. */
const PLACES = [
  ["browser-check", /^browser-check-.*\.js$/],
  ["theme-boot", /^theme-boot-.*\.js$/],
  ["main", /^main-.*\.js$/],
  ["styles", FIRST_STYLES],
  ["more-styles", /^on-demand-.*\.css$/],
  ["favicon", /^favicon-.*\.svg$/],
  ...LANGUAGES.map(({ code }) => [code, new RegExp(`^${code}-.*\\.js$`)] as const),
] as const;

export type Built = {
  folder: string;
  /** Of all that a first visit loads, gzipped. */
  scriptBytes: number;
  styleBytes: number;
};

/**
 * Builds in place. Every file appears whole, the page last, so a server may serve the folder meanwhile.
 * @throws Error when the code does not bundle, or when a size exceeds its budget.
 */
export async function buildClient(): Promise<Built> {
  const results = await Promise.all(BUNDLES.map((bundle) => build(bundle)));
  const files = results.flatMap((result) => result.outputFiles ?? []);
  const sizes = new Map<string, number>();
  for (const { path, contents } of files) sizes.set(basename(path), (await compress(contents)).length);
  const parts = firstVisit(results);
  const sizeOf = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  const scriptBytes =
    sizeOf(parts.shared) +
    Math.max(...parts.languages.map((each) => sizeOf([...each].filter((name) => !parts.shared.has(name)))));
  const styleBytes = sizeOf([...sizes.keys()].filter((name) => FIRST_STYLES.test(name)));
  requireWithin("scripts", scriptBytes, SCRIPT_BUDGET_BYTES);
  requireWithin("styles", styleBytes, STYLE_BUDGET_BYTES);

  await mkdir(COMMON.outdir, { recursive: true });
  await Promise.all(files.map((file) => put(file.path, file.contents)));
  await putPublic();
  const names = [...sizes.keys()];
  await put(
    join(DIST, "index.html"),
    fillIn(await readFile(join(HERE, "index.html"), "utf8"), names, parts.preloaded),
  );
  await dropStale(names);
  return { folder: DIST, scriptBytes, styleBytes };
}

function requireWithin(what: string, bytes: number, budget: number): void {
  if (bytes > budget)
    throw new Error(`the ${what} of a first visit are ${bytes} bytes gzipped; the budget is ${budget}`);
}

/** @returns the names of the scripts that every first visit loads, of those that each language adds, and of those that the page's own script begins with. */
function firstVisit(results: BuildResult[]) {
  const outputs = results.flatMap(({ metafile }) => Object.entries((metafile as Metafile).outputs));
  const byPath = new Map(outputs);
  const withImports = (path: string): string[] => [
    path,
    ...(byPath.get(path)?.imports ?? []).flatMap((each) =>
      each.kind === "import-statement" ? withImports(each.path) : [],
    ),
  ];
  const ofEntry = (entry: string): Set<string> => {
    const found = outputs.find(([, { entryPoint }]) => entryPoint === entry)?.[0];
    if (!found) throw new Error(`the build made no script of ${entry}`);
    return new Set(withImports(found).map((path) => basename(path)));
  };
  const own = ofEntry("main.tsx");
  const [main = ""] = own;
  const shared = new Set([...own, ...ofEntry("theme-boot.ts"), ...ofEntry("browser-check.ts")]);
  const languages = LANGUAGES.map(({ code }) => ofEntry(`words/${code}.ts`));
  return { shared, languages, preloaded: [...own].filter((name) => name !== main) };
}

function fillIn(page: string, names: readonly string[], preloaded: readonly string[]): string {
  const preloads = preloaded.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`);
  const withBrowsers = page
    .replaceAll("{{browsers}}", BROWSERS_IN_WORDS)
    .replace("{{preloads}}", preloads.join("\n    "));
  return PLACES.reduce((text, [place, shape]) => {
    const name = names.find((candidate) => shape.test(candidate));
    if (!name) throw new Error(`the build made no file for {{${place}}}`);
    return text.replace(`{{${place}}}`, `/assets/${name}`);
  }, withBrowsers);
}

/** Puts the files whose names must not have a hash, such as `/robots.txt`, and the icons. */
async function putPublic() {
  for (const name of await readdir(PUBLIC)) await put(join(DIST, name), await readFile(join(PUBLIC, name)));
  const icon = await readFile(join(HERE, "favicon.svg"), "utf8");
  await put(join(DIST, "icon.svg"), icon);
  const pictures = makeIcons(icon, await readFile(join(HERE, "icons/preview.svg"), "utf8"));
  for (const [name, bytes] of pictures) await put(join(DIST, name), bytes);
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
  // Less memory makes shorter blocks with codes of their own. They compress better, because code and words alternate in a bundle.
  return await promisify(gzip)(contents, { level: 9, memLevel: 7 });
}

if (import.meta.main) {
  const { folder, scriptBytes, styleBytes } = await buildClient();
  process.stdout.write(
    `${folder}: a first visit loads ${scriptBytes} of ${SCRIPT_BUDGET_BYTES} bytes of script and ${styleBytes} of ${STYLE_BUDGET_BYTES} of style\n`,
  );
}
