/** The only reader of the environment. All mistakes are reported together. */
import { SETTINGS, type Setting } from "./settings.ts";

export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

type Name = keyof typeof SETTINGS;

/** Pairs of settings of which the first must not be below the second. If the first is not given, it is raised to the second. */
const NOT_BELOW: readonly (readonly [Name, Name])[] = [
  ["messageBurst", "messageRate"],
  ["frameBurst", "frameRate"],
  ["connectsPerUser", "connectionsPerUser"],
  ["connectsPerIp", "connectionsPerIp"],
];

/** An empty variable is valid only where the default is empty, because a script may have left it empty by mistake. */
const isEmptyByDefault = (fallback: unknown): boolean =>
  fallback === "" || (Array.isArray(fallback) && fallback.length === 0);

/**
 * Reads and checks all settings.
 * @throws Error that names every variable that is wrong, unknown or inconsistent with another, one per line.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong = new Map<string, string>();
  const values: Record<string, unknown> = {};
  for (const [key, { env: name, read, fallback }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const raw = env[name];
    values[key] = fallback;
    if (raw === undefined || (raw === "" && isEmptyByDefault(fallback))) continue;
    try {
      values[key] = read(raw);
    } catch (error) {
      wrong.set(name, `expected ${(error as Error).message}`);
    }
  }
  if (wrong.size === 0)
    for (const [name, words] of contradictions(values as Config, env)) wrong.set(name, words);
  const known = new Set(Object.values<Setting<unknown>>(SETTINGS).map(({ env: name }) => name));
  for (const name of Object.keys(env)) {
    if (name.startsWith("SUDA_") && !known.has(name)) wrong.set(name, "no such setting");
  }
  if (wrong.size > 0) {
    const lines = [...wrong].map(([name, words]) => `${name}: ${words}`);
    throw new Error(`The settings are wrong:\n  ${lines.join("\n  ")}`);
  }
  for (const [key, other] of NOT_BELOW)
    if (!isGiven(env, key)) values[key] = Math.max(values[key] as number, values[other] as number);
  return Object.freeze(values) as Config;
}

const isGiven = (env: NodeJS.ProcessEnv, key: Name): boolean => env[SETTINGS[key].env] !== undefined;

/** The given settings that contradict other given settings. */
function contradictions(values: Config, env: NodeJS.ProcessEnv): [name: string, words: string][] {
  const found: [string, string][] = [];
  for (const [key, other] of NOT_BELOW) {
    if (isGiven(env, key) && isGiven(env, other) && values[key] < values[other])
      found.push([SETTINGS[key].env, `expected at least ${SETTINGS[other].env}, which is ${values[other]}`]);
  }
  if (isGiven(env, "port") && isGiven(env, "internalPort") && values.port === values.internalPort)
    found.push([SETTINGS.internalPort.env, `expected another port than ${SETTINGS.port.env}`]);
  return found;
}
