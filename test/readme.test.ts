/** The documents are correct in both languages, for every command, setting and package. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { settingsRows } from "./support/settings-table.ts";
import { ROOT, readText } from "./support/sources.ts";

const english = readText("README.md");
const korean = readText("README.ko.md");
const manifest: Record<string, Record<string, string>> = JSON.parse(readText("package.json"));

const allOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? "");
const blocksOf = (text: string): string[] => allOf(text, /^```\w*\n([\s\S]*?)^```$/gm);
const withoutBlocks = (text: string): string => text.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, "");
const linksOf = (text: string): string[] => allOf(text, /\]\(([^)]+)\)/g);

it("both languages have the same headings, commands, code and links", () => {
  const levels = (text: string): string[] => allOf(withoutBlocks(text), /^(#+) /gm);
  const inline = (text: string): string[] => allOf(withoutBlocks(text), /`([^`]+)`/g).sort();
  const toOther = (link: string): boolean => !/^README(\.ko)?\.md$/.test(link);
  expect(levels(korean)).toEqual(levels(english));
  expect(blocksOf(korean)).toEqual(blocksOf(english));
  expect(inline(korean)).toEqual(inline(english));
  expect(linksOf(korean).filter(toOther)).toEqual(linksOf(english).filter(toOther));
});

it("every link of the documents leads somewhere", () => {
  const links = [english, korean, readText("THIRD-PARTY-NOTICES.md")].flatMap(linksOf);
  expect(links.filter((link) => !link.startsWith("https://") && !existsSync(join(ROOT, link)))).toEqual([]);
});

it("every npm script that the README names exists", () => {
  const named = allOf(english, /npm run (?:-s )?([a-z-]+(?::[a-z]+)?)/g);
  expect(named.filter((script) => !manifest.scripts?.[script])).toEqual([]);
});

it("every setting is described as the code has it, and no other (node test/support/settings-table.ts writes the table)", () => {
  const rows = readText("docs/settings.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows).toEqual(settingsRows());
});

it("every package that is installed on purpose is in the third-party notices", () => {
  const notices = readText("THIRD-PARTY-NOTICES.md");
  const packages = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  expect(packages.filter((name) => !notices.includes(`\`${name}\``))).toEqual([]);
});

it("each decision has a number of its own, and its title tells it", () => {
  const files = readdirSync(join(ROOT, "docs/decisions")).filter((name) => /^\d{4}-/.test(name));
  const numbers = files.map((name) => Number(name.slice(0, 4)));
  expect(new Set(numbers).size).toBe(files.length);
  const titled = files.map((name) => Number(/^# (\d+)\. /.exec(readText(`docs/decisions/${name}`))?.[1]));
  expect(titled).toEqual(numbers);
});
