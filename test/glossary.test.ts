/**
 * Checks that identifiers use the standard word for each thing instead of an earlier private word. A private word that
 * is also plain English is forbidden only where it was a name. Each exception has its reason.
 */
import { expect, it, test } from "vitest";
import { identifiersOf, wordsOf } from "./support/identifiers.ts";
import { readSources } from "./support/sources.ts";

/** `where`: only there it was a private word, for the reason in `because`. `but`: names that may contain it. */
type Entry = {
  word: string;
  standard: string;
  where?: RegExp;
  because?: string;
  but?: RegExp;
};

const NOT_THE_CHECKER = /^(?!load-tests\/|test\/)/;
const GLOSSARY: Entry[] = [
  { word: "pulse", standard: "heartbeat" },
  { word: "beat", standard: "heartbeat" },
  { word: "heal", standard: "resync" },
  { word: "healanew", standard: "resyncFresh" },
  { word: "distrust", standard: "markStale" },
  { word: "refill", standard: "recovery plan" },
  { word: "hole", standard: "gap", but: /black_?hole/i, because: "a black hole swallows packets" },
  { word: "unheard", standard: "ahead" },
  { word: "untold", standard: "pending notifications" },
  { word: "told", standard: "notified", where: NOT_THE_CHECKER, because: "`told` is a column of its table" },
  { word: "relearn", standard: "reload" },
  { word: "doubt", standard: "invalidate" },
  {
    word: "boot",
    standard: "node instance id",
    where: /^(gateway|infra|shared|worker)\//,
    but: /^boot$/,
    because: "a column and the field of its records are called so",
  },
  { word: "verdict", standard: "decision", where: NOT_THE_CHECKER, because: "a judge gives verdicts" },
  { word: "judged", standard: "decision", where: NOT_THE_CHECKER, because: "a judge judges" },
  { word: "till", standard: "until" },
  { word: "caps", standard: "connection limits, room limits" },
  { word: "greeted", standard: "authenticated" },
  { word: "reread", standard: "redactAgain" },
  { word: "nameless", standard: "hashIdentifier", but: /^nameless$/, because: "a test has nameless people" },
  { word: "composed", standard: "toNfc", where: /^(gateway|shared)\//, because: "an input method composes" },
  { word: "boots", standard: "node instance ids" },
  { word: "bury", standard: "deadLetter" },
  { word: "unwritable", standard: "permanent errors" },
  { word: "surroundings", standard: "context" },
  { word: "abandonment", standard: "orphan sweep" },
  { word: "world", standard: "dependencies, test environment, fault context" },
  {
    word: "stage",
    standard: "fixture, fault target",
    where: /^(?!test\/run\.ts)/,
    because: "npm test has stages",
  },
  { word: "peer", standard: "test gateway node" },
  { word: "tether", standard: "die with parent" },
  {
    word: "tied",
    standard: "die with parent",
    but: /^(SUDA_)?tied$/i,
    because: "the setting keeps its name",
  },
  {
    word: "leftovers",
    standard: "orphans",
    where: /^infra\//,
    because: "elsewhere one person leaves them to the next",
  },
  { word: "most", standard: "max" },
  { word: "least", standard: "min", but: /^atLeast$/, because: "at least is English" },
  { word: "linger", standard: "idle timeout" },
  { word: "whereis", standard: "roomsOf" },
  { word: "deed", standard: "command" },
  { word: "shelf", standard: "storage" },
  { word: "remark", standard: "notification" },
  { word: "listing", standard: "remote list" },
  { word: "breakage", standard: "mutant" },
  { word: "unwhole", standard: "unhealthy" },
  { word: "hush", standard: "stop" },
  { word: "strike", standard: "inject", where: /^load-tests\//, because: "the spam rule strikes" },
];

/** Every identifier of each file of code, with its words. */
const CODE = readSources()
  .filter(({ path }) => /\.(ts|tsx|lua|mjs)$/.test(path))
  .map(({ path, text }) => ({
    path,
    names: [...identifiersOf(path, text)].map((name) => ({ name, words: wordsOf(name) })),
  }));

const isOfEntry = ({ word }: Entry, words: string[]): boolean =>
  words.includes(word) || words.join("") === word;

it.each(GLOSSARY.map((entry) => [entry.word, entry.standard, entry] as const))(
  "%s is called %s, in every name of the code",
  (_word, _standard, entry) => {
    const found = CODE.filter(({ path }) => entry.where?.test(path) ?? true).flatMap(({ path, names }) =>
      names
        .filter(({ name, words }) => isOfEntry(entry, words) && !entry.but?.test(name))
        .map(({ name }) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  },
);

test("no file is named by a private word", () => {
  const named = readSources().flatMap(({ path }) => {
    const file = path.split("/").at(-1)?.split(".")[0] ?? "";
    return GLOSSARY.filter(
      (entry) => isOfEntry(entry, file.split("-")) && (entry.where?.test(path) ?? true),
    ).map(({ word }) => `${path}: ${word}`);
  });
  expect(named).toEqual([]);
});
