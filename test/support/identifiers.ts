/** The identifiers of a source file, as words. Without comments and strings, but with code inside templates. */

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const LUA_COMMENTS = /--.*$/gm;
const STRINGS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const REGEX = /\/(?![*/\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*(?=[\s,;.)\]])/g;
const TEMPLATE = /`(?:[^`\\]|\\.)*`/g;
const IDENTIFIER = /[A-Za-z_$][\w$]*/g;

/** @param path decides the language by its ending: Lua, else TypeScript. */
export function identifiersOf(path: string, text: string): Set<string> {
  const bare = path.endsWith(".lua")
    ? text.replaceAll(LUA_COMMENTS, "").replaceAll(STRINGS, "")
    : text.replaceAll(COMMENTS, "").replaceAll(STRINGS, "").replaceAll(REGEX, "").replaceAll(TEMPLATE, holes);
  return new Set(bare.match(IDENTIFIER) ?? []);
}

function holes(template: string): string {
  return [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => code).join(" ");
}

/** `MAX_WAITING` and `maxWaiting` become `max`, `waiting`. */
export function wordsOf(identifier: string): string[] {
  return (identifier.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());
}
