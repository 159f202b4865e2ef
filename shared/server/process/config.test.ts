import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { SETTINGS } from "./settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const ALL = Object.entries<{ env: string; fallback: unknown }>(SETTINGS);

/** A setting as an operator writes it. */
const written = (value: unknown): string => {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (!Array.isArray(value)) return String(value);
  return value
    .map((part) => (typeof part === "object" ? Object.values(part as object).join(":") : String(part)))
    .join(",");
};

test("limits of HTTP are changed by name, each that is named", () => {
  expect(loadConfig({}).httpRates).toEqual([]);
  expect(loadConfig({ SUDA_HTTP_LIMITS: "login_ip:5, signup_ip:1000" }).httpRates).toEqual([
    ["login_ip", 5],
    ["signup_ip", 1_000],
  ]);
});

test.each(["logins:5", "login_ip", "login_ip:0", "login_ip:-1", "login_ip:x", "__proto__:5"])(
  "%j is no limit, and all mistakes are told together",
  (raw) => {
    const wrong = () => loadConfig({ SUDA_HTTP_LIMITS: raw, SUDA_PORT: "none", SUDA_TYPO: "1" });
    expect(wrong).toThrow(/SUDA_HTTP_LIMITS: expected name:count/);
    expect(wrong).toThrow(/SUDA_PORT[\s\S]*SUDA_TYPO: no such setting/);
  },
);

test.each([
  [
    "REDIS_URL",
    "",
    " ",
    "x",
    "127.0.0.1:6379",
    "http://x",
    "redis://",
    "redis://*",
    "redis://a b",
    "redis://x/y",
  ],
  [
    "DATABASE_URL",
    "",
    " ",
    "x",
    "http://x",
    "postgres://",
    "postgres:///suda",
    "postgres://*/suda",
    "postgres://a b",
  ],
  ["DATABASE_URL", "postgres://a,,b/suda", "postgres://a,*/suda", "mysql://x/suda"],
  [
    "SUDA_SHARDS",
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "NaN",
    "Infinity",
    "1e2",
    "0x10",
    "16 ",
    "1,2",
    "99999999999999999999",
  ],
  ["SUDA_RETENTION_DAYS", "", " ", "-0", "-1", "for ever"],
  ["SUDA_DRAIN_MS", "", " ", "5s"],
  ["SUDA_HOST", "", " ", "*", "http://x", "a b", "1.2.3.256", "x:80", "[::1]", "-x", "a..b"],
  ["SUDA_INTERNAL_HOST", "*", "0.0.0.0/0"],
  ["SUDA_NAME", "", " ", "Gateway 1"],
  ["SUDA_KEY_PREFIX", "", " ", "a{b}"],
  ["SUDA_LIMITS", "", "yes", "ON", "0", "false"],
  [
    "SUDA_ORIGINS",
    " ",
    ",",
    "*",
    "null",
    "chat.example",
    "ws://x",
    "https://*.x",
    "https://x/",
    "https://x/chat",
  ],
  [
    "SUDA_ORIGINS",
    "https://x,",
    "https://x,,https://y",
    "https://x,https://X",
    "https://u@x",
    "https://x?",
    "https://",
  ],
  ["SUDA_SPAM_MUTES_MS", "", " ", ",", "30000,", "30000,,60000", "-1", "1e5", "30000 60000"],
  [
    "SUDA_KAFKA_BROKERS",
    " ",
    "kafka",
    "kafka:",
    "kafka:0",
    "kafka:70000",
    "::1:9092",
    "a:1,",
    "a:1,a:1",
    "x y:1",
  ],
  ["SUDA_KAFKA_MECHANISM", "", "scram-sha-512", "GSSAPI"],
  ["SUDA_KAFKA_TOPICS", "", ".", "a/b", "a{b}"],
  ["SUDA_JWT_KEYS", " ", ",", `a:${SECRET},`, `a:${SECRET},a:${SECRET}x`, `a:${SECRET}:b`, "a:short", SECRET],
  [
    "SUDA_KAFKA_COMMAND_KEYS",
    ...[
      " ",
      `bot:${SECRET}`,
      "bot:user:short",
      `b:user:${SECRET}`,
      `bot:owner:${SECRET}`,
      `bot:user:${SECRET}:x`,
    ],
    ...[`bot:user:${SECRET},bot:admin:${SECRET}`, `a bot:user:${SECRET}`, `${"b".repeat(21)}:user:${SECRET}`],
  ],
  ["SUDA_HTTP_LIMITS", " ", "login_ip:5,", "login_ip:5,login_ip:6", "login_ip:5:6", "login_ip: 5"],
])("%s refuses values that would pass for something else, in one line", (name, ...values) => {
  for (const raw of values) {
    let notified = "nothing was told";
    try {
      loadConfig({ [name]: raw });
    } catch (error) {
      notified = (error as Error).message;
    }
    expect(notified, JSON.stringify(raw)).toMatch(
      new RegExp(`^The settings are wrong:\\n {2}${name}: expected [^\\n]+$`),
    );
  }
});

test.each([
  ["REDIS_URL", "rediss://user:p%40ss@redis.internal:6380/2"],
  ["REDIS_URL", "redis://:secret@[::1]:6379"],
  ["DATABASE_URL", "postgresql://u:p@db-1.internal:5432,db-2.internal:5433/suda?sslmode=require"],
  ["DATABASE_URL", "postgres://suda@/suda?host=/run/postgresql"],
  ["SUDA_HOST", "::1"],
  ["SUDA_HOST", "chat_1.internal"],
  ["SUDA_ORIGINS", "https://chat.example,http://127.0.0.1:8080,http://[::1]:5173"],
  ["SUDA_SPAM_MUTES_MS", "30000,30000"],
  ["SUDA_JWT_KEYS", `b:${SECRET},a:${SECRET}`],
  ["SUDA_KAFKA_BROKERS", "kafka-1.internal:9092,[::1]:9092"],
  ["SUDA_KAFKA_MECHANISM", "PLAIN"],
])("%s may be %s", (name, raw) => {
  const [key = ""] = ALL.find(([, { env }]) => env === name) ?? [];
  expect(written(loadConfig({ [name]: raw })[key as keyof typeof SETTINGS])).toBe(raw);
});

describe("any value", () => {
  const odd = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      ",",
      "-1",
      "0",
      "00",
      "1e3",
      "0x1F",
      "NaN",
      "*",
      "on",
      "off ",
      "http://x",
      "x",
      "a,b",
      "5,5",
    ),
    fc.constantFrom(
      "constructor",
      "__proto__",
      "\u0000",
      "١٢",
      "1_000",
      "+5",
      "5.0",
      "https://x,https://y",
      `k:${SECRET}`,
    ),
    fc.integer().map(String),
    fc.webUrl(),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  test.each(ALL)("%s means what it says, or is refused", (key, { env }) => {
    fc.assert(
      fc.property(odd, (raw) => {
        let value: unknown;
        try {
          value = loadConfig({ [env]: raw })[key as keyof typeof SETTINGS];
        } catch {
          return;
        }
        // Neither spaces beside a comma, nor the case of a host, nor a slash at the end have a meaning.
        const plain = raw
          .replaceAll(/ *, */g, ",")
          .trim()
          .replace(/^(https?:\/\/.+)\/$/i, "$1");
        expect(
          written(value)
            .replace(/^(https?:.+)\/$/, "$1")
            .toLowerCase(),
        ).toBe(plain.toLowerCase());
      }),
    );
  });
});

test("a burst follows its rate unless it is given; a burst given below a given rate is a mistake", () => {
  expect(loadConfig({ SUDA_MESSAGE_RATE: "50" }).messageBurst).toBe(50);
  expect(loadConfig({ SUDA_FRAME_BURST: "20" }).frameBurst).toBe(20);
  expect(() => loadConfig({ SUDA_MESSAGE_RATE: "50", SUDA_MESSAGE_BURST: "49" })).toThrow(
    "SUDA_MESSAGE_BURST: expected at least SUDA_MESSAGE_RATE, which is 50",
  );
});

test("a gateway's two ports are two", () => {
  expect(() => loadConfig({ SUDA_PORT: "9000", SUDA_INTERNAL_PORT: "9000" })).toThrow(
    "SUDA_INTERNAL_PORT: expected another port than SUDA_PORT",
  );
});

test("exactly the settings that are empty by default may be left empty: compose hands on such variables", () => {
  const empty = Object.fromEntries(
    ALL.filter(([, { fallback }]) => written(fallback) === "").map(([, { env }]) => [env, ""]),
  );
  expect(Object.keys(empty)).toContain("SUDA_ORIGINS");
  expect(loadConfig(empty)).toEqual(loadConfig({}));
});

test("an address of https makes the cookie secure by itself", () => {
  expect(loadConfig({ SUDA_PUBLIC_URL: "https://chat.example.org/" })).toMatchObject({
    ...{ publicUrl: "https://chat.example.org", secureCookie: true },
  });
  expect(loadConfig({ SUDA_PUBLIC_URL: "http://chat.local:81" }).secureCookie).toBe(false);
});

test("the address may have a path, which is not one of Suda's own", () => {
  for (const SUDA_PUBLIC_URL of ["https://a.example/chat", "https://A.example:443/chat/"])
    expect(loadConfig({ SUDA_PUBLIC_URL }).publicUrl).toBe("https://a.example/chat/");
  for (const path of [
    "//",
    "/a//b",
    "/a b",
    "/a/../b",
    "/%61",
    '/"',
    "/a;b",
    "/a?b",
    "/a#b",
    "/채팅",
    "/$a",
    "/a}",
  ])
    expect(() => loadConfig({ SUDA_PUBLIC_URL: `https://a.example${path}` })).toThrow("below a path");
  for (const own of ["api", "assets/", "r/tea", "ws", "readyz", "healthz"])
    expect(() => loadConfig({ SUDA_PUBLIC_URL: `https://a.example/${own}` })).toThrow("Suda has that itself");
});

test.each(["10.0.0.0/8", "::1", "2001:db8::/32,192.0.2.7"])("proxies at %s can be trusted", (raw) => {
  expect(loadConfig({ SUDA_TRUST_PROXY: raw }).trustProxy).toEqual(raw.split(","));
});

test.each(["0.0.0.0/0", "::/0", "10.0.0.0/33", "proxy.example", "10.0.0.0/8/8", "10.0.0.0/08"])(
  "%s is not whom one can trust",
  (raw) => {
    expect(() => loadConfig({ SUDA_TRUST_PROXY: raw })).toThrow("SUDA_TRUST_PROXY");
  },
);

test("a certificate comes with its key, and makes the cookie secure", () => {
  expect(() => loadConfig({ SUDA_TLS_CERT: "/etc/ssl/a.crt" })).toThrow(
    "SUDA_TLS_CERT: expected together with",
  );
  const both = { SUDA_TLS_CERT: "/etc/ssl/a.crt", SUDA_TLS_KEY: "/etc/ssl/a.key" };
  expect(loadConfig(both).secureCookie).toBe(true);
});
