/** The only reader of the environment in infra: what the shell, npm and the operator hand to the runner. */
import { type Config, loadConfig } from "../../../shared/server/process/config.ts";
import { Problem } from "./problem.ts";

export const SEARCH_PATH = process.env.PATH ?? "";

/** Existing servers to use in place of own ones. */
export const GIVEN = {
  redisUrl: process.env.REDIS_URL || undefined,
  databaseUrl: process.env.DATABASE_URL || undefined,
  keyPrefix: process.env.SUDA_KEY_PREFIX || undefined,
};

/** In these, empty means the same as absent: a server or prefix of one's own. */
const OWN_IF_EMPTY: readonly string[] = ["REDIS_URL", "DATABASE_URL", "SUDA_KEY_PREFIX"];

/**
 * Checks every setting that the shell hands on, before anything is started with it.
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

/** What the runner sets itself, whatever the shell has. */
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

/** The settings of the shell that have no effect on a local cluster. */
export const settingsWithoutEffect = (): string[] =>
  SET_BY_RUNNER.filter((name) => process.env[name] !== undefined);

/** npm may end without telling its script: a script of npm therefore watches its parent. */
export const STARTED_BY_NPM = process.env.npm_lifecycle_event !== undefined;

/** The environment of a child: the runner's own (so that `SUDA_MESSAGE_CHARS=100 npm start` works) and `settings`. */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}
