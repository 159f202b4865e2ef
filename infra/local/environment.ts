/** The only reader of the environment in infra: what the shell, npm and the operator hand to the runner. */

export const SEARCH_PATH = process.env.PATH ?? "";

/** Existing servers to use in place of own ones. */
export const GIVEN = {
  redisUrl: process.env.REDIS_URL || undefined,
  databaseUrl: process.env.DATABASE_URL || undefined,
  keyPrefix: process.env.SUDA_KEY_PREFIX || undefined,
};

/** npm may end without telling its script: a script of npm therefore watches its parent. */
export const STARTED_BY_NPM = process.env.npm_lifecycle_event !== undefined;

/** The environment of a child: the runner's own (so that `SUDA_MESSAGE_CHARS=100 npm start` works) and `settings`. */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}
