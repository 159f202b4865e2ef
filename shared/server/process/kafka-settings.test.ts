import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

test.each([
  ["SUDA_KAFKA_PRIVATE", "on", "SUDA_KAFKA_BROKERS"],
  ["SUDA_KAFKA_TLS", "on", "SUDA_KAFKA_BROKERS"],
  ["SUDA_KAFKA_CA", "/etc/ssl/kafka.crt", "SUDA_KAFKA_TLS"],
  ["SUDA_KAFKA_PASSWORD", "secret", "SUDA_KAFKA_USER"],
  ["SUDA_KAFKA_COMMAND_KEYS", `bot:user:${SECRET}`, "SUDA_KAFKA_BROKERS"],
])("%s alone means nothing: it needs another setting", (name, raw, other) => {
  expect(() => loadConfig({ [name]: raw })).toThrow(`${name}: expected together with ${other}`);
});

test("a mistake in one setting of Kafka is not told again as a contradiction of another", () => {
  const wrong = () => loadConfig({ SUDA_KAFKA_BROKERS: "kafka", SUDA_KAFKA_PRIVATE: "on" });
  expect(wrong).toThrow("SUDA_KAFKA_BROKERS: expected host:port pairs");
  expect(wrong).not.toThrow("SUDA_KAFKA_PRIVATE");
});

test("a key of commands says its bot's name, in one form of Unicode, and its role", () => {
  const decomposed = "알림봇".normalize("NFD");
  const keys = `bot:user:${SECRET},${decomposed}:moderator:${SECRET}`;
  expect(
    loadConfig({ SUDA_KAFKA_BROKERS: "kafka:9092", SUDA_KAFKA_COMMAND_KEYS: keys }).kafkaCommandKeys,
  ).toEqual([
    { name: "bot", role: "user", secret: SECRET },
    { name: "알림봇", role: "moderator", secret: SECRET },
  ]);
});
