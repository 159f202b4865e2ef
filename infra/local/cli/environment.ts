/** The only reader of the environment in infra. */
import { type Config, loadConfig } from "../../../shared/server/process/config.ts";
import { Problem } from "./problem.ts";

export const SEARCH_PATH = process.env.PATH ?? "";

/** Existing servers to be used in place of own ones. */
export const GIVEN = {
  redisUrl: process.env.REDIS_URL || undefined,
  databaseUrl: process.env.DATABASE_URL || undefined,
  keyPrefix: process.env.SUDA_KEY_PREFIX || undefined,
};

/** For these, empty means the same as absent: a server or prefix of the cluster's own. */
const OWN_IF_EMPTY: readonly string[] = ["REDIS_URL", "DATABASE_URL", "SUDA_KEY_PREFIX"];

/**
 * Checks every setting in the environment, before anything is started with it.
 * @throws Problem with a line for each mistake.
 */
export function readSettings(): Config {
  try {
    return loadConfig(
      Object.fromEntries(
        Object.entries(process.env).filter(([name, value]) => value !== "" || !OWN_IF_EMPTY.includes(name)),
      ),
    );
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

/** Set by the runner itself, regardless of the environment. */
const SET_BY_RUNNER: readonly string[] = [
  "SUDA_NAME",
  "SUDA_PORT",
  "SUDA_INTERNAL_PORT",
  "SUDA_LIMITS",
  "SUDA_DRAIN_MS",
  "SUDA_TIED",
  "SUDA_JWT_KEYS",
  "SUDA_GATEWAY_ROLE",
];

/** The settings in the environment that have no effect on a local cluster. */
export const settingsWithoutEffect = (): string[] =>
  SET_BY_RUNNER.filter((name) => process.env[name] !== undefined);

/** npm may end without a signal to its script, so a script of npm watches its parent. */
export const STARTED_BY_NPM = process.env.npm_lifecycle_event !== undefined;

/** The environment of a child: the runner's own (so that `SUDA_MESSAGE_CHARS=100 npm start` works) and `settings`. */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}
