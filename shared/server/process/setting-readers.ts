/**
 * Parsers of settings. Each one returns a valid value or throws an Error whose message completes "expected …". They are strict: a
 * space, an empty part or a duplicate part is an error.
 */
import { isIP } from "node:net";
import { HTTP_RATES, type HttpRateName, isHttpRateName } from "./http-rates.ts";

/** Decimal digits only, because `Number` also accepts "", " 5 ", "0x10" and "1e3". */
export const integer =
  (min: number, max: number) =>
  (raw: string): number => {
    const value = /^(0|[1-9]\d{0,14})$/.test(raw) ? Number(raw) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Error(`a whole number from ${min} to ${max}`);
    return value;
  };

/** A number with at most two decimals, the last of which is not 0. */
export const decimal =
  (min: number, max: number) =>
  (raw: string): number => {
    const value = /^(0|[1-9]\d{0,11})(\.\d?[1-9])?$/.test(raw) ? Number(raw) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Error(`a number from ${min} to ${max}`);
    return value;
  };

export const flag = (raw: string): boolean => {
  if (!["on", "off"].includes(raw)) throw new Error("on or off");
  return raw === "on";
};

export const pattern = (shape: RegExp, words: string) => (raw: string) => {
  if (!shape.test(raw)) throw new Error(words);
  return raw;
};

/** At least one part, separated by commas, none of them empty; spaces around a part are ignored. */
export const list =
  <T>(read: (part: string) => T) =>
  (raw: string): T[] =>
    raw.split(",").map((part) => {
      if (part.trim() === "") throw new Error("parts between commas, none of them empty");
      return read(part.trim());
    });

/** A list in which no two parts have the same key. */
export const listOfDistinct =
  <T>(read: (part: string) => T, keyOf: (value: T) => string) =>
  (raw: string): T[] => {
    const values = list(read)(raw);
    const keys = values.map(keyOf);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw new Error(`each part once, ${twice} is there twice`);
    return values;
  };

/** An IP address or a DNS name. Not a name whose last part is a number, because it would be read as a malformed IP address. */
export const isHost = (host: string): boolean =>
  isIP(host) !== 0 ||
  (host.length <= 253 &&
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i.test(host));

export const host = (raw: string): string => {
  if (!isHost(raw)) throw new Error("an address or the name of a host");
  return raw;
};

const urlOf = (raw: string): URL | undefined => URL.parse(raw) ?? undefined;
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

export const redisUrl = (raw: string): string => {
  const url = /^\S+$/.test(raw) ? urlOf(raw) : undefined;
  const known = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (!known || !isHost(bare(url.hostname)) || !/^\/?\d{0,4}$/.test(url.pathname))
    throw new Error("redis://user:password@host:port");
  return raw;
};

/** Allows several hosts, which are tried in turn, and the folder of a Unix socket in `?host=`. */
export const databaseUrl = (raw: string): string => {
  const wrong = new Error("postgres://user:password@host:port/database");
  const [, start = "", hosts = "", rest = ""] =
    /^(postgres(?:ql)?:\/\/(?:[^@/?#\s]*@)?)([^/?#\s]*)([/?#]\S*)?$/.exec(raw) ?? [];
  if (start === "") throw wrong;
  const urls = hosts.split(",").map((each) => urlOf(`${start}${each || "localhost"}${rest}`));
  const bySocket = hosts === "" && Boolean(urls[0]?.searchParams.get("host"));
  const fits = (each: string, index: number): boolean =>
    each !== "" && isHost(bare(urls[index]?.hostname ?? ""));
  if (urls.includes(undefined) || !(bySocket || hosts.split(",").every(fits))) throw wrong;
  return raw;
};

/** An origin as browsers send it: a scheme, a host and, unless it is the default one, a port. */
export const origin = (raw: string): string => {
  const url = /^https?:\/\/[^/?#@\s]+$/i.test(raw) ? urlOf(raw) : undefined;
  if (!url || !isHost(bare(url.hostname)))
    throw new Error("origins such as https://chat.example.org: no *, no path, nothing behind the port");
  return url.origin;
};

/** An address or a network. Not all addresses there are: then everybody could choose an own one. */
export const network = (raw: string): string => {
  const [address = "", bits, ...more] = raw.split("/");
  const family = isIP(address);
  const fits =
    bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  if (family === 0 || !fits || more.length > 0) throw new Error("addresses or networks such as 10.0.0.0/8");
  return raw;
};

/** The path of a file. */
export const filePath = (raw: string): string => {
  if (!/^[^\s"\\$;{}]+$/.test(raw))
    throw new Error('the path of a file, without spaces or any of " \\ $ ; { }');
  return raw;
};

export const folder = pattern(/^\/([^\p{Cc}]*\S)?$/u, "an absolute path");

/** `kid:secret` pairs. The first one signs and all verify, so that keys can be rotated without logging anybody out. */
export const jwtKeys = listOfDistinct(
  (pair) => {
    const [kid, secret, ...more] = pair.split(":");
    if (!kid || !secret || secret.length < 32 || more.length > 0)
      throw new Error("kid:secret pairs, a secret of 32 characters or more without a colon");
    return { kid, secret };
  },
  ({ kid }) => kid,
);

/** `name:count` pairs; names that are not given keep their defaults. */
export const httpRates = listOfDistinct(
  (pair): [HttpRateName, number] => {
    const [name = "", count = "", ...more] = pair.split(":");
    if (!isHttpRateName(name) || !/^[1-9]\d{0,6}$/.test(count) || more.length > 0)
      throw new Error(`name:count pairs, the names among ${Object.keys(HTTP_RATES).join(" ")}`);
    return [name, Number(count)];
  },
  ([name]) => name,
);
