/** Which other origins may call the API with their user's cookie: those on the list, named one by one. */

import type { Handler } from "./request.ts";
import { noContent } from "./response.ts";

const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
  "Access-Control-Allow-Headers": "Authorization, Content-Type",
  "Access-Control-Max-Age": "600",
};

/** Nothing for a page of the own host or of an unknown one: a browser then decides by itself. */
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

/** What a browser asks before a call from another origin; without the origin's own headers it takes this for a no. */
export const preflight: Handler = () => noContent(PREFLIGHT);
