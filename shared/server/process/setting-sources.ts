/**
 * The sources of settings: a flag, a variable, or a file that a variable with `_FILE` names. Owns precedence and the names;
 * settings.ts owns the meanings. Reads files, nothing else.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { closestMatch } from "leven";

type Source = "flag" | "variable" | "file";
type Given = { raw: string; from: Source };
export type Sources = {
  /** By variable. */
  given: Map<string, Given>;
  /** Mistakes by variable or flag, in words. */
  wrong: Map<string, string>;
};

const FILE = "_FILE";
/** A longer distance than this to every known name is no typing mistake. */
const MAX_DISTANCE = 4;

/** @param name the variable, such as `SUDA_MESSAGE_CHARS`. @returns its flag, such as `--message-chars`. */
export const flagOf = (name: string): string =>
  `--${name
    .replace(/^SUDA_/, "")
    .toLowerCase()
    .replaceAll("_", "-")}`;

/** @returns ": did you mean X?" for the known name that is nearest, or "" if none is near. */
export function suggestionFor(name: string, known: readonly string[]): string {
  const nearest = closestMatch(name, [...known], { maxDistance: MAX_DISTANCE });
  return nearest === undefined ? "" : `: did you mean ${nearest}?`;
}

/**
 * A flag overrules a variable or a file; a variable and a file for one setting contradict each other.
 * @param names the variables of all settings.
 * @param flags the arguments that are flags of settings, by variable.
 */
export function readSources(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  flags: ReadonlyMap<string, string> = new Map(),
): Sources {
  const given = new Map<string, Given>();
  const wrong = new Map<string, string>();
  for (const name of names) {
    const [raw, path] = [env[name], env[name + FILE]];
    if (raw !== undefined) given.set(name, { raw, from: "variable" });
    if (path !== undefined && raw !== undefined) wrong.set(name, `is given, and ${name}${FILE} too`);
    else if (path !== undefined) {
      const content = contentOf(path);
      if (content === undefined) wrong.set(name + FILE, `cannot be read: ${path}`);
      else given.set(name, { raw: content, from: "file" });
    }
    const flag = flags.get(name);
    if (flag !== undefined) given.set(name, { raw: flag, from: "flag" });
  }
  const known = new Set(names.flatMap((name) => [name, name + FILE]));
  for (const name of Object.keys(env))
    if (name.startsWith("SUDA_") && !known.has(name))
      wrong.set(name, `no such setting${suggestionFor(name, [...known])}`);
  return { given, wrong };
}

/**
 * The flags of settings among arguments, as `--name value` or `--name=value`.
 * @returns `flags`: their values by variable; `unknown`: the arguments that are none, as they were given.
 */
export function readFlags(
  names: readonly string[],
  args: readonly string[],
): { flags: Map<string, string>; unknown: string[] } {
  const options = optionsOf(names);
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const byFlag = new Map(names.map((name) => [flagOf(name), name]));
  const flags = new Map<string, string>();
  const unknown: string[] = [];
  for (const token of tokens) {
    const name = token.kind === "option" ? byFlag.get(token.rawName) : undefined;
    if (token.kind === "option" && name !== undefined && token.value !== undefined)
      flags.set(name, token.value);
    else if (token.kind === "option") unknown.push(token.rawName);
    else if (token.kind === "positional") unknown.push(token.value);
  }
  return { flags, unknown };
}

/** The flags of these settings, as options of `parseArgs`. */
export const optionsOf = (names: readonly string[]): Record<string, { type: "string" }> =>
  Object.fromEntries(names.map((name) => [flagOf(name).slice(2), { type: "string" }]));

/** @returns the file's text without the newline at its end, as editors and secret stores leave one. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch {
    // Reported by the caller, together with all other mistakes.
    return undefined;
  }
}
