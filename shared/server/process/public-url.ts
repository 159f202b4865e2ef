/** The address that people open, with the path below which Suda lives if the host has other applications too. */
import { origin } from "./setting-readers.ts";

const SEGMENT = "[A-Za-z0-9][A-Za-z0-9._~-]{0,63}";
const PREFIX = new RegExp(`^(/${SEGMENT}){1,4}$`);
/** A proxy may take the prefix away or leave it, so it must differ from Suda's own paths. */
const OWN = new Set(["api", "assets", "healthz", "r", "readyz", "ws"]);

/** @returns the origin, or the origin and the prefix with a slash at its end. */
export const publicUrl = (raw: string): string => {
  const [, host = "", path = ""] = /^([^/]*\/\/[^/]*)(\/.*)?$/.exec(raw) ?? [];
  const prefix = path.replace(/\/$/, "");
  const [, first = ""] = prefix.split("/");
  if (OWN.has(first))
    throw new Error(`a path that does not begin with /${first}, because Suda has that itself`);
  try {
    if (prefix !== "" && !PREFIX.test(prefix)) throw new Error("not a prefix");
    return prefix === "" ? origin(host) : `${origin(host)}${prefix}/`;
  } catch {
    throw new Error("an address such as https://chat.example.org, or https://example.org/chat/ below a path");
  }
};

/** @returns the path below which pages, calls and sockets live: `/`, or a prefix such as `/chat/`. */
export const basePathOf = (url: string): string => URL.parse(url)?.pathname ?? "/";
