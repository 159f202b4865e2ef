/** The names of the stores for people: addresses without passwords, and reasons in plain words. */

export type StoreName = "Redis" | "PostgreSQL";

const PORTS: Record<StoreName, string> = { Redis: "6379", PostgreSQL: "5432" };

/** "Redis at host:port". Never the user or the password. */
export function describeStore(store: StoreName, url: string): string {
  const [, hosts = "", query = ""] = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)[^?]*(?:\?(.*))?$/i.exec(url) ?? [];
  const places = hosts === "" ? (new URLSearchParams(query).get("host") ?? "localhost") : hosts;
  const isFull = /:\d+$/.test(places) || places.includes(",") || places.startsWith("/");
  return `${store} at ${isFull ? places : `${places}:${PORTS[store]}`}`;
}

/** The text without the password of this URL. */
export function withoutPassword(text: string, url: string): string {
  const [, password = ""] = /^[a-z]+:\/\/[^/?#:]*:([^/?#]*)@/i.exec(url) ?? [];
  if (password === "") return text;
  return text.replaceAll(password, "***").replaceAll(decoded(password), "***");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Node's codes and those of the libraries, in plain words. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was closed",
  EPIPE: "the connection was closed",
  CONNECTION_CLOSED: "the connection was closed",
  ENOTFOUND: "no host has this name",
  EAI_AGAIN: "the name of the host cannot be looked up at present",
  ETIMEDOUT: "no answer",
  CONNECT_TIMEOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = WORDS[codeOf(error)];
  if (known) return known;
  return (error.message || error.name).split("\n", 1)[0] ?? "";
}

/** The code of an error, or that of the first address when a host has several. */
export function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String((first as { code?: unknown } | undefined)?.code ?? "");
}
