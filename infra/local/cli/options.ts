/** The command line of the runner and of the commands that find its cluster. */
import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { integer, isHost } from "../../../shared/server/process/setting-readers.ts";
import { optionsOf } from "../../../shared/server/process/setting-sources.ts";
import { parsed, type Shape } from "./arguments.ts";
import { FLAG_SETTINGS } from "./environment.ts";
import { Problem } from "./problem.ts";

export const ROOT = join(import.meta.dirname, "../../..");
export const MAX_GATEWAYS = 64;
const DEFAULT_DATA = join(ROOT, ".suda");
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

export type StartOptions = {
  gateways: number;
  port: number;
  host: string;
  data: string;
  fresh: boolean;
  limits: boolean;
  /** Runs a Kafka too. */
  kafka: boolean;
  /** How long a start waits for given stores, s. */
  wait: number;
  /** A file with what this machine needs to join the cluster of another one. */
  join: string | undefined;
};

const USAGE =
  "npm start -- --gateways N --port P --host H --data DIR --fresh --limits off --kafka --wait SECONDS --join FILE, and the settings of docs/settings.md";

type OwnValues = Record<"gateways" | "port" | "host" | "data" | "limits" | "wait", string> & {
  fresh: boolean;
  kafka: boolean;
  join?: string;
};
/** The answer to `--join` without a file. */
const HOW_TO_JOIN = `A second machine needs the addresses of the stores and the signing key of the first:
  on the first:  npm run -s secrets -- --show | ssh SECOND 'umask 077; cat > suda.join'
  on the second: npm start -- --join suda.join`;

/** @throws Problem with the mistake and the usage, HelpAsked. */
export function readStartOptions(args: string[]): StartOptions {
  if (args.at(-1) === "--join") throw new Problem(HOW_TO_JOIN);
  const { values } = parsed(args, USAGE, 0, {
    gateways: { type: "string", default: "3" },
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "127.0.0.1" },
    data: { type: "string", default: DEFAULT_DATA },
    fresh: { type: "boolean", default: false },
    limits: { type: "string", default: "on" },
    kafka: { type: "boolean", default: false },
    wait: { type: "string", default: "30" },
    join: { type: "string" },
    ...optionsOf(FLAG_SETTINGS),
  }) as { values: OwnValues };
  const { host, limits, join: joinFile } = values;
  if (!["on", "off"].includes(limits)) throw new Problem(`--limits: on or off\n${USAGE}`);
  if (!isHost(host)) throw new Problem(`--host: an address or the name of a host\n${USAGE}`);
  if (limits === "off" && !LOOPBACK.test(host))
    throw new Problem(
      "--limits off is for load tests on this machine: not together with --host beyond loopback",
    );
  return {
    gateways: wholeNumber("--gateways", values.gateways, 1, MAX_GATEWAYS),
    port: wholeNumber("--port", values.port, 1, 65_535),
    host,
    data: folder(values.data),
    fresh: values.fresh,
    kafka: values.kafka,
    limits: limits === "on",
    wait: wholeNumber("--wait", values.wait, 0, 86_400),
    join: joinFile === undefined ? undefined : resolve(joinFile),
  };
}

type CommandShape = { more?: "json" | "count"; words?: number };

/** The command line of a command: `--data`, one more option if it has one, and at most `words` words. @throws Problem */
export function readCommandOptions(args: string[], usage: string, { more, words = 0 }: CommandShape = {}) {
  const { values, positionals } = parsed(args, usage, words, {
    data: { type: "string", default: DEFAULT_DATA },
    ...(more === "json" ? { json: { type: "boolean", default: false } } : {}),
    ...(more === "count" ? { count: { type: "string", default: "1" } } : {}),
  });
  const { data, json, count } = values as { data: string; json?: boolean; count?: string };
  return { data: folder(data), json: json ?? false, count: count ?? "1", words: positionals };
}

/** The command line of a command with options of its own besides `--data`, and at most `words` words. @throws Problem */
export function readOptions<const T extends Shape>(args: string[], usage: string, words: number, options: T) {
  const { values, positionals } = parsed(args, usage, words, {
    ...options,
    data: { type: "string", default: DEFAULT_DATA },
  });
  const { data } = values as { data: string };
  return { values, words: positionals, data: folder(data) };
}

/** @throws Problem unless `raw` is a whole number from `min` to `max`. */
export function wholeNumber(name: string, raw: string | undefined, min: number, max: number): number {
  try {
    return integer(min, max)(raw ?? "");
  } catch (error) {
    throw new Problem(`${name}: ${(error as Error).message}`);
  }
}

/** The option that names a data folder, quoted for a shell. */
export function dataOption(data: string): string {
  return ` --data ${/^[\w./:@%+=,-]+$/.test(data) ? data : `'${data.replaceAll("'", "'\\''")}'`}`;
}

/** The option with which a command finds this cluster; empty for the default data folder. */
export function optionsToFind({ data }: Pick<StartOptions, "data">): string {
  return data === DEFAULT_DATA ? "" : dataOption(data);
}

/** The address of the cluster for a browser on this machine. */
export function urlOf({ host, port }: Pick<StartOptions, "host" | "port">, scheme = "http"): string {
  const open = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `${scheme}://${isIPv6(open) ? `[${open}]` : open}:${port}`;
}

function folder(raw: string): string {
  if (raw === "") throw new Problem("--data: the path of a folder");
  return resolve(raw);
}
