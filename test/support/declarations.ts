/** Functions and parameter types of the sources, from a parser. */
import { parseSync } from "oxc-parser";
import { scripts } from "./imports.ts";
import type { Source } from "./sources.ts";

/** A node of the syntax tree (ESTree with TypeScript). Only a few kinds matter here. */
type Node = { type: string; start: number; end: number; [key: string]: unknown };
type Parsed = { source: Source; program: Node };

export type FunctionSize = { path: string; name: string; lines: number };
export type Bag = { path: string; name: string; fields: string[] };

const parsed: Parsed[] = scripts.map((source) => ({
  source,
  program: parseSync(source.path, source.text).program as unknown as Node,
}));

/** Every function of the sources with its own lines of code; the lines of inner functions count for those. */
export function functionSizes(): FunctionSize[] {
  return parsed.flatMap(({ source, program }) => {
    const lineOf = lineCounter(withoutComments(source));
    const sizes: FunctionSize[] = [];
    visit(program, "", (node, name) => {
      if (!isFunction(node)) return;
      const inner = innerFunctions(node).reduce(
        (sum, each) => sum + lineOf(each.end) - lineOf(each.start),
        0,
      );
      sizes.push({ path: source.path, name, lines: lineOf(node.end) - lineOf(node.start) + 1 - inner });
    });
    return sizes;
  });
}

/** The field names of the object that an exported `create…` function takes. */
export function constructorBags(): Bag[] {
  return parsed.flatMap(({ source, program }) =>
    exportedFunctions(program)
      .filter(({ name }) => /^(create|open|register|start)[A-Z]|Routes$/.test(name))
      .flatMap(({ name, node }) =>
        (node.params as Node[]).map((param) => ({
          path: source.path,
          name,
          fields: [...fieldsOf(annotationOf(param), source.path)],
        })),
      ),
  );
}

/** The files that say `null` in code or types; JavaScript says it of an object: `typeof it === "object" && it !== null`. */
export function mentionsOfNull(): string[] {
  const found = new Set<string>();
  for (const { source, program } of parsed)
    visit(program, "", ({ type, raw, start }) => {
      if (type !== "TSNullKeyword" && !(type === "Literal" && raw === "null")) return;
      const isOfObject = /typeof (\w+) === "object" && \1 !== $/.test(source.text.slice(0, start));
      if (!isOfObject) found.add(source.path);
    });
  return [...found];
}

/** Text of a source, `parts` between its values if it is a template, and the function that it stands in. */
export type Quoted = { path: string; name: string; parts: string[] };

/** Every string and template of the sources that match, comments apart. */
export function quotedTexts(where: RegExp, pattern: RegExp): Quoted[] {
  const found: Quoted[] = [];
  const look = (path: string, node: Node, name: string): void => {
    const parts = partsOf(node);
    if (pattern.test(parts.join("?"))) found.push({ path, name, parts });
    const value = (node.init ?? node.value) as Node | null;
    const own = isFunction(node) ? nameOf(node) : isFunction(value) ? nameOf(node) || keyOf(node) : "";
    for (const child of childrenOf(node)) look(path, child, own || name);
  };
  for (const { source, program } of parsed.filter(({ source }) => where.test(source.path)))
    look(source.path, program, "");
  return found;
}

function partsOf(node: Node): string[] {
  if (node.type === "Literal") return [String(node.value)];
  if (node.type !== "TemplateLiteral") return [];
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
}

function exportedFunctions(program: Node): { name: string; node: Node }[] {
  return (program.body as Node[]).flatMap((statement) => {
    const declaration =
      statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node | null) : null;
    if (!declaration) return [];
    if (declaration.type === "FunctionDeclaration") return [{ name: nameOf(declaration), node: declaration }];
    if (declaration.type !== "VariableDeclaration") return [];
    return (declaration.declarations as Node[])
      .filter(({ init }) => isFunction(init as Node))
      .map((each) => ({ name: nameOf(each), node: each.init as Node }));
  });
}

const nameOf = (node: Node): string => (node.id as { name?: string } | null)?.name ?? "";

function annotationOf(param: Node): Node | undefined {
  const target = param.type === "AssignmentPattern" ? (param.left as Node) : param;
  return (target.typeAnnotation as { typeAnnotation?: Node } | undefined)?.typeAnnotation;
}

/** The fields of an object type, through names, `Pick`, `Omit` and intersections; none for any other type. */
function fieldsOf(type: Node | undefined, path: string, depth = 0): Set<string> {
  if (!type || depth > 8) return new Set();
  if (type.type === "TSTypeLiteral")
    return new Set((type.members as Node[]).map(keyOf).filter((key) => key !== ""));
  if (type.type === "TSIntersectionType")
    return new Set((type.types as Node[]).flatMap((each) => [...fieldsOf(each, path, depth + 1)]));
  if (type.type !== "TSTypeReference") return new Set();
  const name = (type.typeName as { name?: string }).name ?? "";
  const given = ((type.typeArguments as { params?: Node[] } | null)?.params ?? []) as Node[];
  if (name === "Pick") return literalsOf(given[1], path);
  if (name === "Omit") {
    const left = literalsOf(given[1], path);
    return new Set([...fieldsOf(given[0], path, depth + 1)].filter((field) => !left.has(field)));
  }
  if (name === "Partial" || name === "Readonly" || name === "Required")
    return fieldsOf(given[0], path, depth + 1);
  const alias = aliasOf(name, path);
  return alias ? fieldsOf(alias.type, alias.path, depth + 1) : new Set();
}

function keyOf(member: Node): string {
  const key = member.key as { name?: string; value?: string } | undefined;
  return key?.name ?? key?.value ?? "";
}

/** The strings of a union of literals, or of a named union. */
function literalsOf(type: Node | undefined, path: string): Set<string> {
  if (!type) return new Set();
  if (type.type === "TSLiteralType") return new Set([String((type.literal as { value?: unknown }).value)]);
  if (type.type === "TSUnionType")
    return new Set((type.types as Node[]).flatMap((each) => [...literalsOf(each, path)]));
  const alias =
    type.type === "TSTypeReference"
      ? aliasOf((type.typeName as { name?: string }).name ?? "", path)
      : undefined;
  return alias ? literalsOf(alias.type, alias.path) : new Set();
}

type Alias = { type: Node; path: string };
const aliases = new Map<string, Alias[]>();
for (const { source, program } of parsed)
  for (const statement of program.body as Node[]) {
    const declaration = (
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
    ) as Node | null;
    if (declaration?.type !== "TSTypeAliasDeclaration") continue;
    const alias = { type: declaration.typeAnnotation as Node, path: source.path };
    aliases.set(nameOf(declaration), [...(aliases.get(nameOf(declaration)) ?? []), alias]);
  }

/** The type of that name in this file, or in another one. */
function aliasOf(name: string, path: string): Alias | undefined {
  const all = aliases.get(name) ?? [];
  return all.find((each) => each.path === path) ?? all[0];
}

function isFunction(node: Node | null | undefined): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node?.type ?? "");
}

/** The functions directly inside another. */
function innerFunctions(node: Node): Node[] {
  const found: Node[] = [];
  for (const child of childrenOf(node)) {
    if (isFunction(child)) found.push(child);
    else found.push(...innerFunctions(child));
  }
  return found;
}

/** @param name the property of the parent that has the node. */
function visit(node: Node, name: string, see: (node: Node, name: string) => void): void {
  const own = nameOf(node) || keyOf(node) || name;
  see(node, own);
  for (const child of childrenOf(node)) visit(child, own, see);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof (value as Node | null)?.type === "string");
}

/** The text with its comments blanked out, so that offsets stay the same. */
function withoutComments({ path, text }: Source): string {
  let bare = text;
  for (const { start, end } of parseSync(path, text).comments)
    bare = bare.slice(0, start) + " ".repeat(end - start) + bare.slice(end);
  return bare;
}

/** @returns a function that counts the non-blank lines before an offset. */
function lineCounter(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\S[^\n]*\n/g)].map((line) => line.index + line[0].length - 1);
  return (at) => ends.findLastIndex((end) => end < at) + 1;
}
