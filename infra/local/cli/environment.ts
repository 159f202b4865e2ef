/** The only reader of the environment in infra, and of the flags of settings that `npm start` takes. */
import { type Config, loadConfig, SETTING_NAMES } from "../../../shared/server/process/config.ts";
import type { Setting } from "../../../shared/server/process/setting.ts";
import { flagOf, readFlags, readSources } from "../../../shared/server/process/setting-sources.ts";
import { SECRET_SETTINGS, SETTINGS } from "../../../shared/server/process/settings.ts";
import { Problem } from "./problem.ts";

export const SEARCH_PATH = process.env.PATH ?? "";

/** `npm start -- --kafka`: a Kafka of the cluster's own. */
const RUNS_KAFKA = process.argv.slice(2).includes("--kafka");
/** The settings about where Kafka is. */
const KAFKA_ADDRESS = ["BROKERS", "USER", "PASSWORD", "MECHANISM", "TLS", "CA"].map(
  (name) => `SUDA_KAFKA_${name}`,
);

/** Set by the runner itself, regardless of the environment. */
const SET_BY_RUNNER: readonly string[] = [
  "SUDA_NAME",
  "SUDA_PORT",
  "SUDA_INTERNAL_PORT",
  "SUDA_LIMITS",
  "SUDA_DRAIN_MS",
  "SUDA_TIED",
  "SUDA_JWT_KEYS",
  "SUDA_PUSH_KEY",
  "SUDA_GATEWAY_ROLE",
  "SUDA_DISK_FOLDER",
  ...(RUNS_KAFKA ? KAFKA_ADDRESS : []),
];
/** `--host` is the address of the cluster, which SUDA_HOST is not. */
const WITHOUT_FLAG: readonly string[] = [...SET_BY_RUNNER, "SUDA_HOST", "SUDA_INTERNAL_HOST"];
/** The variables of the settings that are flags of `npm start` too. */
export const FLAG_SETTINGS: readonly string[] = SETTING_NAMES.filter((name) => !WITHOUT_FLAG.includes(name));

/** For these, empty means the same as absent: a server, a prefix or keys of the cluster's own. */
const OWN_IF_EMPTY: readonly string[] = [
  ...["REDIS_URL", "DATABASE_URL", "SUDA_KEY_PREFIX"],
  ...(RUNS_KAFKA ? ["SUDA_KAFKA_COMMAND_KEYS"] : []),
];

const ENVIRONMENT: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name, value]) => value !== "" || !OWN_IF_EMPTY.includes(name)),
);
const { flags } = readFlags(FLAG_SETTINGS, process.argv.slice(2));
const { given } = readSources(SETTING_NAMES, ENVIRONMENT, flags);

/** Existing servers, and keys, to be used in place of own ones. */
export const GIVEN = {
  redisUrl: given.get("REDIS_URL")?.raw,
  databaseUrl: given.get("DATABASE_URL")?.raw,
  keyPrefix: given.get("SUDA_KEY_PREFIX")?.raw,
  kafkaCommandKeys: given.get("SUDA_KAFKA_COMMAND_KEYS")?.raw,
};

type Addresses = { [K in "redisUrl" | "databaseUrl"]?: string | undefined };

/** The given servers whose addresses can be read. */
export const readableStores = (): Addresses => ({
  redisUrl: isRead(SETTINGS.redisUrl.read, GIVEN.redisUrl) ? GIVEN.redisUrl : undefined,
  databaseUrl: isRead(SETTINGS.databaseUrl.read, GIVEN.databaseUrl) ? GIVEN.databaseUrl : undefined,
});

function isRead(read: (raw: string) => string, raw: string | undefined): boolean {
  try {
    return raw !== undefined && read(raw) !== "";
  } catch {
    return false;
  }
}

/** Uses these servers where no setting names one. */
export function useStores({ redisUrl, databaseUrl }: Addresses): void {
  GIVEN.redisUrl ??= redisUrl;
  GIVEN.databaseUrl ??= databaseUrl;
}

/** The servers that are not the runner's own. */
export function storesGiven(): { redisUrl?: string; databaseUrl?: string } {
  const { redisUrl, databaseUrl } = GIVEN;
  return { ...(redisUrl ? { redisUrl } : {}), ...(databaseUrl ? { databaseUrl } : {}) };
}

/**
 * Checks every setting, before anything is started with it.
 * @throws Problem with a line for each mistake.
 */
export function readSettings(): Config {
  const known = Object.entries(ENVIRONMENT).filter(
    ([name]) => !RUNS_KAFKA || !KAFKA_ADDRESS.includes(name.replace(/_FILE$/, "")),
  );
  // Settings that need a Kafka have one, whose address is chosen later.
  const own = RUNS_KAFKA ? { SUDA_KAFKA_BROKERS: "127.0.0.1:9092" } : {};
  try {
    return loadConfig(
      { ...Object.fromEntries(known), ...own },
      [...flags].flatMap(([name, raw]) => [flagOf(name), raw]),
    );
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

/** The settings in the environment that have no effect on a local cluster. */
export const settingsWithoutEffect = (): string[] => SET_BY_RUNNER.filter((name) => given.has(name));

export type SettingInForce = { name: string; value: string; from: string };

/** The settings of a local cluster with their sources; passwords and keys are hidden. */
export function settingsInForce(): SettingInForce[] {
  return Object.values<Setting<unknown>>(SETTINGS).map(({ env: name, fallback }) => {
    const found = SET_BY_RUNNER.includes(name) ? undefined : given.get(name);
    const isChosen = SET_BY_RUNNER.includes(name) || (!found && OWN_IF_EMPTY.includes(name));
    if (isChosen) return { name, value: "", from: "npm start chooses it" };
    const value = found?.raw ?? textOf(fallback);
    return {
      name,
      value: SECRET_SETTINGS.includes(name) ? "(hidden)" : value,
      from: found?.from ?? "default",
    };
  });
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
}

/** npm may end without a signal to its script, so a script of npm watches its parent. */
export const STARTED_BY_NPM = process.env.npm_lifecycle_event !== undefined;

/**
 * The environment of a child: the runner's own (so that `SUDA_MESSAGE_CHARS=100 npm start` works), the flags as variables,
 * and `settings`, which replace what a file or a variable said.
 */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const own = { ...Object.fromEntries(flags), ...settings };
  const inherited = Object.entries(process.env).filter(
    ([name]) => !Object.hasOwn(own, name.replace(/_FILE$/, "")),
  );
  return { ...Object.fromEntries(inherited), ...own };
}
