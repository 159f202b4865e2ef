import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { loadConfig, SETTING_NAMES } from "./config.ts";
import { flagOf } from "./setting-sources.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (content: string): string => {
  const path = join(folder, "value");
  writeFileSync(path, content);
  return path;
};

/** Values that are valid and no defaults, one for each kind of setting. */
const VALUES: [name: string, raw: string][] = [
  ["REDIS_URL", "redis://user:secret@redis:6379/2"],
  ["DATABASE_URL", "postgres://user:secret@db:5432/chat"],
  ["SUDA_MESSAGE_CHARS", "100"],
  ["SUDA_SPAM_LAUGHTER", "on"],
  ["SUDA_ORIGINS", "https://chat.example.org,https://other.example.org"],
  ["SUDA_JWT_KEYS", "a:0123456789abcdef0123456789abcdef"],
  ["SUDA_LOG_LEVEL", "warn"],
  ["SUDA_ROOM_IDLE_MINUTES", "0.25"],
];

test("a flag, a variable and a file give the same setting, and a flag overrules the others", () => {
  const ways = fc.constantFrom("flag", "flag with =", "variable", "file", "file with a newline");
  fc.assert(
    fc.property(fc.constantFrom(...VALUES), ways, fc.boolean(), ([name, raw], way, isOverruled) => {
      const expected = loadConfig({ [name]: raw });
      const env: NodeJS.ProcessEnv = {};
      const args: string[] = [];
      if (way === "flag") args.push(flagOf(name), raw);
      else if (way === "flag with =") args.push(`${flagOf(name)}=${raw}`);
      else if (way === "variable") env[name] = raw;
      else env[`${name}_FILE`] = fileOf(way === "file" ? raw : `${raw}\n`);
      if (isOverruled && args.length > 0) env[name] = "nonsense";
      expect(loadConfig(env, args)).toEqual(expected);
    }),
  );
});

test("a variable together with its file, a file that is not there, and an empty file are mistakes, all told at once", () => {
  const env = {
    ...{ SUDA_MESSAGE_CHARS: "100", SUDA_MESSAGE_CHARS_FILE: fileOf("") },
    ...{ REDIS_URL_FILE: "/nowhere", SUDA_LOG_LEVEL_FILE: fileOf("") },
  };
  expect(() => loadConfig(env)).toThrow(
    /SUDA_LOG_LEVEL: expected [\s\S]*REDIS_URL_FILE: cannot be read: \/nowhere[\s\S]*SUDA_MESSAGE_CHARS: is given, and SUDA_MESSAGE_CHARS_FILE too/,
  );
});

test("a mistyped name is answered with the nearest one, and a name that is near none with nothing", () => {
  const wrong =
    (env: NodeJS.ProcessEnv, args: string[] = []) =>
    () =>
      loadConfig(env, args);
  expect(wrong({ SUDA_MESAGE_CHARS: "1" })).toThrow(
    "SUDA_MESAGE_CHARS: no such setting: did you mean SUDA_MESSAGE_CHARS?",
  );
  expect(wrong({ SUDA_JWT_KEY_FILE: "x" })).toThrow("did you mean SUDA_JWT_KEYS_FILE?");
  expect(wrong({}, ["--mesage-chars", "1"])).toThrow(
    "--mesage-chars: no such setting: did you mean --message-chars?",
  );
  expect(wrong({ SUDA_SOMETHING_ELSE_ENTIRELY: "1" })).toThrow(/ENTIRELY: no such setting$/);
  expect(wrong({}, ["chars"])).toThrow("chars: no such setting");
});

test("no two settings share a flag, and no mistake tells the value of a secret", () => {
  expect(new Set(SETTING_NAMES.map(flagOf)).size).toBe(SETTING_NAMES.length);
  const hidden = "marked-secret";
  for (const name of ["REDIS_URL", "DATABASE_URL", "SUDA_JWT_KEYS", "SUDA_KAFKA_COMMAND_KEYS"]) {
    for (const load of [() => loadConfig({ [name]: hidden }), () => loadConfig({}, [flagOf(name), hidden])]) {
      expect(load).toThrow(name);
      expect(load).not.toThrow(hidden);
    }
  }
});
