/** PostgreSQL refuses to run as root. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { type Command, findProgram } from "../supervise/die-with-parent.ts";

/**
 * Wraps the command so that it does not run as root. A user namespace that maps root to another id keeps the owner of the
 * files and works below private folders too. Without namespaces a real user is used, who becomes the owner of `folder`.
 */
export function asOrdinaryUser(folder: string, { command, args }: Command): Command {
  if (process.getuid?.() !== 0) return { command, args };
  const unshare = findProgram("unshare");
  const namespace = ["--user", "--map-user=1000", "--map-group=1000", "--"];
  if (unshare && spawnSync(unshare, [...namespace, "true"]).status === 0)
    return { command: unshare, args: [...namespace, command, ...args] };

  const setpriv = findProgram("setpriv");
  if (!setpriv)
    throw new Error("PostgreSQL does not run as root here: start as another user, or set DATABASE_URL");
  const user = ["postgres", "nobody"].find((name) => spawnSync("id", ["-u", name]).status === 0) ?? "nobody";
  const group = execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim();
  execFileSync("chown", ["-R", `${user}:${group}`, folder]);
  // Lets the user pass through the data folder without listing it.
  chmodSync(dirname(folder), 0o711);
  return {
    command: setpriv,
    args: [`--reuid=${user}`, `--regid=${group}`, "--clear-groups", "--", command, ...args],
  };
}
