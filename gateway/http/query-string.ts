/** What stands in a query string, checked. */
import type { FieldCode } from "../../shared/http-api.ts";
import { PAGE_DEFAULT, PAGE_MAX } from "../../shared/limits.ts";
import { Refusal } from "../errors.ts";

/** A whole number of the query; undefined when absent. @throws Refusal `invalid`. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const raw = query.get(name);
  return raw === null ? undefined : toWholeNumber(raw, name, min, max);
}

/** The seq of an event, as it stands in a path or a query: at least 1. @throws Refusal `invalid`. */
export const toPosition = (raw: string, name: string): number =>
  toWholeNumber(raw, name, 1, Number.MAX_SAFE_INTEGER);

function toWholeNumber(raw: string, name: string, min: number, max: number): number {
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { [name]: code } });
  if (!/^\d{1,16}$/.test(raw)) throw refuse("bad_format");
  const value = Number(raw);
  if (value < min || value > max) throw refuse("not_allowed");
  return value;
}

/** A few words of the query, trimmed; empty when absent. @throws Refusal `invalid`. */
export function searchText(query: URLSearchParams, name: string, maxChars: number): string {
  const text = (query.get(name) ?? "").trim();
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { [name]: code } });
  if (text.length > maxChars) throw refuse("too_long");
  // A control character is in no title, and PostgreSQL could not read them all.
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) throw refuse("not_allowed");
  return text;
}

/** One of a few words of the query; the first of them when absent. @throws Refusal `invalid`. */
export function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const raw = query.get(name);
  if (raw === null) return words[0];
  const word = words.find((each) => each === raw);
  if (word === undefined) throw new Refusal("invalid", { fields: { [name]: "not_allowed" } });
  return word;
}

/** How many entries a page shall have. @throws Refusal `invalid`. */
export const pageLimit = (query: URLSearchParams): number =>
  wholeNumber(query, "limit", 1, PAGE_MAX) ?? PAGE_DEFAULT;

/** The id below which a page begins, at least 1; undefined: with the newest. @throws Refusal `invalid`. */
export const pageBefore = (query: URLSearchParams): string | undefined =>
  wholeNumber(query, "before", 1, Number.MAX_SAFE_INTEGER)?.toString();
