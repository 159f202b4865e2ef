/** Reads all settings, from wherever they are given. All mistakes are reported together. */

import { KAFKA_SETTINGS, kafkaContradictions } from "./kafka-settings.ts";
import type { Setting } from "./setting.ts";
import { flagOf, readFlags, readSources, suggestionFor } from "./setting-sources.ts";
import { SETTINGS } from "./settings.ts";

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

/** The variables of all settings. */
export const SETTING_NAMES: readonly string[] = Object.values<Setting<unknown>>(SETTINGS).map(
  ({ env }) => env,
);

/** The settings of this process, from its environment and its arguments. Further as `loadConfig`. */
export const loadOwnConfig = (): Config => loadConfig(process.env, process.argv.slice(2));

/**
 * Reads and checks all settings.
 * @param args flags (`--message-chars 100`), which overrule variables.
 * @throws Error that names every variable that is wrong, unknown or inconsistent with another, one per line.
 */
export function loadConfig(env: NodeJS.ProcessEnv, args: readonly string[] = []): Config {
  const { flags, unknown } = readFlags(SETTING_NAMES, args);
  const { given, wrong } = readSources(SETTING_NAMES, env, flags);
  for (const arg of unknown)
    wrong.set(arg, `no such setting${suggestionFor(arg, SETTING_NAMES.map(flagOf))}`);
  const misread = new Map<string, string>();
  const values: Record<string, unknown> = {};
  for (const [key, { env: name, read, fallback }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const raw = given.get(name)?.raw;
    values[key] = fallback;
    if (raw === undefined || (raw === "" && isEmptyByDefault(fallback))) continue;
    try {
      values[key] = read(raw);
    } catch (error) {
      misread.set(name, `expected ${(error as Error).message}`);
    }
  }
  const isGiven: IsGiven = (key) => given.has(SETTINGS[key].env);
  const isRead: IsGiven = (key) => isGiven(key) && !misread.has(SETTINGS[key].env);
  const lines = [...misread, ...contradictions(values as Config, isGiven, isRead), ...wrong].map(
    ([name, words]) => `${name}: ${words}`,
  );
  if (lines.length > 0) throw new Error(`The settings are wrong:\n  ${lines.join("\n  ")}`);
  for (const [key, other] of NOT_BELOW)
    if (!isGiven(key)) values[key] = Math.max(values[key] as number, values[other] as number);
  if (String(values.publicUrl).startsWith("https:") || values.tlsCert !== "") values.secureCookie = true;
  return Object.freeze(values) as Config;
}

type IsGiven = (key: Name) => boolean;

/** The given settings that contradict other given settings. @param isRead whether a given one has a value. */
function contradictions(values: Config, isGiven: IsGiven, isRead: IsGiven): [name: string, words: string][] {
  const found: [string, string][] = [];
  for (const [key, other] of NOT_BELOW) {
    if (isRead(key) && isRead(other) && values[key] < values[other])
      found.push([SETTINGS[key].env, `expected at least ${SETTINGS[other].env}, which is ${values[other]}`]);
  }
  if (isGiven("tlsCert") !== isGiven("tlsKey"))
    found.push([SETTINGS.tlsCert.env, `expected together with ${SETTINGS.tlsKey.env}`]);
  if (isRead("port") && isRead("internalPort") && values.port === values.internalPort)
    found.push([SETTINGS.internalPort.env, `expected another port than ${SETTINGS.port.env}`]);
  const kafka = Object.keys(KAFKA_SETTINGS) as (keyof typeof KAFKA_SETTINGS)[];
  if (kafka.every((key) => isRead(key) || !isGiven(key))) found.push(...kafkaContradictions(values));
  return found;
}
