/** What stands in a query string, checked. */
import type { FieldCode } from "../../shared/http-api.ts";
import { PAGE_DEFAULT, PAGE_MOST } from "../../shared/limits.ts";
import { problem } from "../problem.ts";

/** A whole number of the query; undefined when absent. @throws Problem `invalid`. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const raw = query.get(name);
  if (raw === null) return undefined;
  const refuse = (code: FieldCode) => problem("invalid", { fields: { [name]: code } });
  if (!/^\d{1,16}$/.test(raw)) throw refuse("bad_format");
  const value = Number(raw);
  if (value < least || value > most) throw refuse("not_allowed");
  return value;
}

/** How many entries a page shall have. @throws Problem `invalid`. */
export const pageLimit = (query: URLSearchParams): number =>
  wholeNumber(query, "limit", 1, PAGE_MOST) ?? PAGE_DEFAULT;

/** The id below which a page begins; null: with the newest. @throws Problem `invalid`. */
export function pageBefore(query: URLSearchParams): string | null {
  const raw = query.get("before");
  if (raw !== null && !/^\d{1,18}$/.test(raw)) throw problem("invalid", { fields: { before: "bad_format" } });
  return raw;
}
