/** Settings about Kafka. Without brokers nothing of it is loaded. */
import { setting } from "./setting.ts";
import { filePath, flag, integer, isHost, listOfDistinct, pattern } from "./setting-readers.ts";

const MECHANISMS = ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] as const;
type KafkaMechanism = (typeof MECHANISMS)[number];

/** `host:port`, an IPv6 address in brackets. */
const broker = (raw: string): string => {
  const [, host = "", port = ""] = /^(.+):([1-9]\d{0,4})$/.exec(raw) ?? [];
  const bare = host.replace(/^\[(.*:.*)\]$/, "$1");
  if (!isHost(bare) || host.includes(":") !== (host !== bare) || Number(port) > 65_535)
    throw new Error("host:port pairs");
  return raw;
};

const mechanism = (raw: string): KafkaMechanism => {
  const known = MECHANISMS.find((name) => name === raw);
  if (!known) throw new Error(`one of ${MECHANISMS.join(" ")}`);
  return known;
};

const ROLES = ["user", "moderator", "admin"] as const;
export type CommandKey = { name: string; role: (typeof ROLES)[number]; secret: string };

/** `name:role:secret` triples. The name is the nickname of the key's bot, the role the bot's. */
const commandKeys = listOfDistinct(
  (triple): CommandKey => {
    const [name = "", role, secret = "", ...more] = triple.split(":");
    const known = ROLES.find((each) => each === role);
    const isName = /^[\p{L}\p{N}][\p{L}\p{N}_-]{1,19}$/u.test(name);
    if (!isName || !known || secret.length < 32 || more.length > 0)
      throw new Error(
        `name:role:secret triples, a name of 2 to 20 letters, digits, _ and -, a role among ${ROLES.join(" ")}, a secret of 32 characters or more without a colon`,
      );
    return { name: name.normalize("NFC"), role: known, secret };
  },
  ({ name }) => name,
);

export const KAFKA_SETTINGS = {
  kafkaBrokers: setting(
    "SUDA_KAFKA_BROKERS",
    listOfDistinct(broker, String),
    [] as string[],
    "host:port,host:port of a Kafka that gets everything that is stored; empty: none does",
  ),
  kafkaTls: setting("SUDA_KAFKA_TLS", flag, false, "on: connections to Kafka are encrypted"),
  kafkaCa: setting(
    "SUDA_KAFKA_CA",
    filePath,
    "",
    "file of the certificates that Kafka's certificate is checked against; empty: those that Node knows",
  ),
  kafkaUser: setting("SUDA_KAFKA_USER", pattern(/^\S+$/, "a name without spaces"), "", "user at Kafka"),
  kafkaPassword: setting(
    "SUDA_KAFKA_PASSWORD",
    pattern(/^\P{Cc}+$/u, "a password without control characters"),
    "",
    "password of that user",
  ),
  kafkaMechanism: setting(
    "SUDA_KAFKA_MECHANISM",
    mechanism,
    "SCRAM-SHA-512",
    "how that user logs in: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN",
  ),
  kafkaTopics: setting(
    "SUDA_KAFKA_TOPICS",
    pattern(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/, "letters, digits, _ . -"),
    "suda",
    "first part of the name of every topic",
  ),
  kafkaPrivate: setting(
    "SUDA_KAFKA_PRIVATE",
    flag,
    false,
    "on: rooms that are not public go to Kafka too, to topics of their own",
  ),
  kafkaRetentionDays: setting(
    "SUDA_KAFKA_RETENTION_DAYS",
    integer(1, 3650),
    7,
    "days that Kafka keeps an event; set when a topic is made",
  ),
  kafkaReplicas: setting(
    "SUDA_KAFKA_REPLICAS",
    integer(1, 16),
    1,
    "brokers that have a copy of each topic; set when a topic is made",
  ),
  kafkaCommandKeys: setting(
    "SUDA_KAFKA_COMMAND_KEYS",
    commandKeys,
    [] as CommandKey[],
    "for the gateways: name:role:secret,name:role:secret; keys by which commands from Kafka are signed, each with a bot of this name and role; empty: none is taken",
  ),
} as const;

type Values = { readonly [K in keyof typeof KAFKA_SETTINGS]: unknown };
type Name = keyof Values;

/** Pairs of which the first means nothing without the second. */
const NEEDS: readonly (readonly [Name, Name])[] = [
  ["kafkaTls", "kafkaBrokers"],
  ["kafkaUser", "kafkaBrokers"],
  ["kafkaPrivate", "kafkaBrokers"],
  ["kafkaCommandKeys", "kafkaBrokers"],
  ["kafkaCa", "kafkaTls"],
  ["kafkaUser", "kafkaPassword"],
  ["kafkaPassword", "kafkaUser"],
];
const isEmpty = (value: unknown): boolean =>
  value === false || value === "" || (Array.isArray(value) && value.length === 0);

/** @returns the settings that mean nothing without another one that is missing, each with words that complete `NAME: …`. */
export const kafkaContradictions = (values: Values): [name: string, words: string][] =>
  NEEDS.filter(([key, other]) => !isEmpty(values[key]) && isEmpty(values[other])).map(([key, other]) => [
    KAFKA_SETTINGS[key].env,
    `expected together with ${KAFKA_SETTINGS[other].env}`,
  ]);
