/** Validated values of a query string. */
import type { FieldCode } from "../../shared/http-api.ts";
import { PAGE_DEFAULT, PAGE_MAX } from "../../shared/limits.ts";
import { Refusal } from "../errors.ts";

/**
 * @returns an integer of the query; undefined when absent.
 * @throws Refusal `invalid`.
 */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const raw = query.get(name) ?? undefined;
  return raw === undefined ? undefined : toWholeNumber(raw, name, min, max);
}

/**
 * @returns the seq of an event in a path or a query, at least 1.
 * @throws Refusal `invalid`.
 */
export const toPosition = (raw: string, name: string): number =>
  toWholeNumber(raw, name, 1, Number.MAX_SAFE_INTEGER);

/**
 * @returns distinct seqs of a query, separated by commas; undefined when absent.
 * @throws Refusal `invalid`.
 */
export function positions(query: URLSearchParams, name: string, max: number): number[] | undefined {
  const raw = query.get(name) ?? undefined;
  if (raw === undefined) return undefined;
  const parts = raw.split(",", max + 1);
  if (parts.length > max) throw new Refusal("invalid", { fields: { [name]: "too_long" } });
  return [...new Set(parts.map((part) => toPosition(part, name)))];
}

function toWholeNumber(raw: string, name: string, min: number, max: number): number {
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { [name]: code } });
  if (!/^\d{1,16}$/.test(raw)) throw refuse("bad_format");
  const value = Number(raw);
  if (value < min || value > max) throw refuse("not_allowed");
  return value;
}

/**
 * @returns a search text of the query, trimmed; empty when absent.
 * @throws Refusal `invalid`.
 */
export function searchText(query: URLSearchParams, name: string, maxChars: number): string {
  const text = (query.get(name) ?? "").trim();
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { [name]: code } });
  if (text.length > maxChars) throw refuse("too_long");
  // No title has a control character, and PostgreSQL cannot store some of them.
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) throw refuse("not_allowed");
  return text;
}

/**
 * @returns one of a few words of the query; the first of them when absent.
 * @throws Refusal `invalid`.
 */
export function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const raw = query.get(name) ?? undefined;
  if (raw === undefined) return words[0];
  const word = words.find((each) => each === raw);
  if (word === undefined) throw new Refusal("invalid", { fields: { [name]: "not_allowed" } });
  return word;
}

/**
 * @returns the number of entries that a page shall have.
 * @throws Refusal `invalid`.
 */
export const pageLimit = (query: URLSearchParams): number =>
  wholeNumber(query, "limit", 1, PAGE_MAX) ?? PAGE_DEFAULT;

/**
 * @returns the id below which a page begins, at least 1; undefined: with the newest.
 * @throws Refusal `invalid`.
 */
export const pageBefore = (query: URLSearchParams): string | undefined =>
  wholeNumber(query, "before", 1, Number.MAX_SAFE_INTEGER)?.toString();
