/** Cross-origin calls with the user's cookie: only from listed origins. */

import type { Handler } from "./request.ts";
import { noContent } from "./response.ts";

const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
  "Access-Control-Allow-Headers": "Authorization, Content-Type",
  "Access-Control-Max-Age": "600",
};

/** @returns no headers for a page of the own host or of an unlisted one: a browser then applies its own policy. */
export function corsHeaders(origin: string, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  if (!origins.includes(origin)) return { Vary: "Origin" };
  return {
    Vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "Retry-After",
  };
}

/** Answers a preflight. Without the headers of `corsHeaders` a browser takes this for a refusal. */
export const preflight: Handler = () => noContent(PREFLIGHT);
