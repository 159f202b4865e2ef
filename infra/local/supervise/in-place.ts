/** Part of bundling: a source names its own place, which stays true in a bundle, although that lies elsewhere. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

/** Sources read files that lie beside them: each keeps its own place. To be defined for the bundler. */
export const PLACES = {
  "import.meta.dirname": "placeOfFolder",
  "import.meta.filename": "placeOfFile",
  "import.meta.url": "placeOfModule",
};

/** How a source names the file of a thread that it starts. */
const THREAD = /new URL\("(\.\/[\w-]+-thread\.ts)", import\.meta\.url\)/g;

/** @param bundleOf called with the source of each thread; returns the file of its bundle, which runs in its stead. */
export const inPlace = (bundleOf: (thread: string) => string): Plugin => ({
  name: "in-place",
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const source = text.replace(
        THREAD,
        (_, name: string) =>
          `new URL(${JSON.stringify(pathToFileURL(bundleOf(join(dirname(path), name))).href)})`,
      );
      const values = [dirname(path), path, pathToFileURL(path).href];
      const places = Object.values(PLACES).map((name, index) => `${name} = ${JSON.stringify(values[index])}`);
      return { contents: `const ${places.join(", ")}; ${source}`, loader: "ts" };
    });
  },
});
