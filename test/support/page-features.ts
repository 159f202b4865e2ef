/** The features of browsers that the page uses: names of its style sheets, and what TypeScript knows of the platform in its scripts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Identifier } from "@mdn/browser-compat-data";
import { API } from "typescript/unstable/sync";
import { lookUp } from "./compat.ts";
import { listFiles, ROOT, readText } from "./sources.ts";

/** Entries of the compatibility data by a name for people, such as `overflow: clip` or `Array.at`. */
export type Features = Map<string, readonly (Identifier | undefined)[]>;

const VIEWPORT_UNITS: Record<string, string> = { d: "dynamic", l: "large", s: "small" };
/** A word, and the one before its dot. */
const WORD = /(?<=\b([A-Za-z_$][\w$]*)\.|)[A-Za-z_$][\w$]*/g;
/** Declarations of the platform, and of what JSX may say. */
const PLATFORM = /\/lib\.[\w.]+\.d\.ts$/;
const MARKUP = /\/preact\/src\/(jsx|dom)\.d\.ts$/;

export function featuresOfStyles(): Features {
  const sheets = listFiles().filter((path) => /^web\/.*\.css$/.test(path));
  const text = sheets.map((path) => readText(path).replaceAll(/\/\*.*?\*\//gs, "")).join("\n");
  return featuresIn(text);
}

/** @param text style sheets without comments. */
export function featuresIn(text: string): Features {
  const features: Features = new Map();
  for (const [, name = "", rest = ""] of text.matchAll(/@([a-z-]+)([^{;]*)/g)) {
    features.set(`@${name}`, lookUp.rule(name));
    for (const [, feature = ""] of rest.matchAll(/\(([a-z-]+)\s*[:)]/g))
      features.set(`@${name} (${feature})`, lookUp.rule(name, feature));
    if (/[<>]/.test(rest)) features.set(`@${name} (<)`, lookUp.rule(name, "range_syntax"));
  }
  for (const [, selector = "", body = ""] of text.matchAll(/([^{};]+)\{([^{}]*)\}/g)) {
    if (selector.includes("&")) features.set("nesting", lookUp.selector("nesting"));
    if (!selector.includes("@"))
      for (const [, name = ""] of selector.matchAll(/:([a-z-]+)/g))
        features.set(`:${name}`, lookUp.selector(name));
    for (const [, property = "", value = ""] of body.matchAll(/([\w-]+)\s*:\s*([^;]+)/g))
      addDeclaration(features, property, value);
  }
  return features;
}

function addDeclaration(features: Features, property: string, value: string): void {
  if (!property.startsWith("--")) features.set(property, lookUp.property(property));
  for (const [name] of value.matchAll(/(?<![\w#.-])[a-z][a-z-]*/g))
    features.set(`${property}: ${name}`, lookUp.value(property, name));
  for (const [, name = ""] of value.matchAll(/([a-z][a-z-]*)\(/g))
    features.set(`${name}()`, lookUp.type(name));
  for (const [, unit = ""] of value.matchAll(/(?<![#\w])[\d.]+([a-z]+)/g)) {
    const viewport = VIEWPORT_UNITS[/^([dls])v/.exec(unit)?.[1] ?? ""];
    features.set(unit, lookUp.type(viewport ? `viewport_percentage_units_${viewport}` : unit));
  }
}

export function featuresOfScripts(): Features {
  const features: Features = new Map();
  const compiler = new API({ cwd: ROOT });
  try {
    const project = compiler
      .updateSnapshot({ openProjects: [join(ROOT, "web/tsconfig.json")] })
      .getProjects()[0];
    const seen = new Set<number>();
    for (const file of project?.program.getSourceFileNames() ?? []) {
      if (!file.startsWith(join(ROOT, "web")) && !file.startsWith(join(ROOT, "shared"))) continue;
      if (/\.(test|fake)\.ts$/.test(file)) continue;
      const words = [...readFileSync(file, "utf8").matchAll(WORD)];
      const symbols = project?.checker.getSymbolAtPosition(
        file,
        words.map(({ index }) => index),
      );
      for (const [i, symbol] of (symbols ?? []).entries()) {
        if (!symbol || seen.has(symbol.id)) continue;
        seen.add(symbol.id);
        const path = symbol.declarations[0]?.path ?? "";
        const { name } = symbol;
        if (MARKUP.test(path)) features.set(`${name}=`, lookUp.attribute(name.toLowerCase()));
        if (!PLATFORM.test(path)) continue;
        const parent = symbol.getParent()?.name;
        // The static members of an interface of the DOM belong to a type without a name.
        const owner = parent === "__type" ? words[i]?.[1] : parent;
        if (owner) features.set(`${owner}.${name}`, lookUp.member(owner, name));
        else features.set(name, lookUp.global(name));
      }
    }
    return features;
  } finally {
    compiler.close();
  }
}
