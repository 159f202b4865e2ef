/**
 * The door to Kafka, and with the files beside it the only code that uses its library. It is loaded by `await import`, because the
 * library takes half a second and 60 MB: a process without brokers in its settings never does that.
 */
import type { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { BaseOptions } from "@platformatic/kafka";
import type { Config } from "../process/config.ts";
import { type EnsuredTopics, ensureTopics } from "./admin.ts";
import { createFetcher } from "./fetch.ts";
import { findUnended, type Ledger } from "./ledger.ts";
import { Admin, Producer } from "./library.ts";
import { closeQuietly, within } from "./outages.ts";
import { type KafkaProducer, openTransactions, TRANSACTION_MS } from "./producer.ts";
import { readAll } from "./read-all.ts";
import type { StoredRecord } from "./records.ts";
import { startTail, type Tail, type TailOptions } from "./tail.ts";
import type { TopicSpec } from "./topics.ts";

export type KafkaAccess = {
  /** `host:port` each. */
  brokers: readonly string[];
  tls: boolean;
  /** The text of the certificates that Kafka's is checked against; undefined: those that Node knows. */
  ca?: string;
  login?: { mechanism: Config["kafkaMechanism"]; user: string; password: string };
};

/** Connects when it is used, and again after an outage. All failures of Kafka are `KafkaUnavailable`, none comes as an event. */
export type Kafka = {
  /** Resolves if a broker answers this user. @throws KafkaUnavailable */
  ping(): Promise<void>;
  /** Further as `ensureTopics`. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<EnsuredTopics>;
  /** Further as `openTransactions`. */
  openProducer(options: ProducerOptions): Promise<KafkaProducer>;
  /** Further as `readAll`. */
  readAll(topic: string, visit: (record: StoredRecord) => void): Promise<void>;
  /** Further as `startTail`. */
  tail(options: TailOptions): Tail;
  /** Ends connections; tails are to be stopped before. Never fails. */
  close(): Promise<void>;
};

type ProducerOptions = {
  transactionalId: string;
  /** Without one, the death of a broker may leave records of a transaction without an end. */
  ledger?: Ledger;
  /** The deadline of each step, ms. */
  stepMs?: number;
};

const PING_MS = 5_000;
/** A request without an answer counts as a lost connection. */
const REQUEST_MS = 8_000;
const CONNECT_MS = 3_000;
/** Bound how long the library goes on by itself, which is safe within one step: a producer about 2 s. */
const RETRIES = 2;
const PRODUCER_RETRIES = 10;
/** A transaction begins while Kafka still ends the one before, for some milliseconds. */
const retryDelay = (_client: object, _operation: string, attempt: number): number =>
  Math.min(320, 5 * 2 ** (attempt - 1));

/** @param name of this process, in the logs of Kafka. */
export function openKafka(access: KafkaAccess, name: string): Kafka {
  const options = optionsOf(access, name);
  const admin = withoutStrayErrors(new Admin({ ...options }));
  const fetchFrom = createFetcher(admin);

  return {
    async ping() {
      await within(PING_MS, "ping", () => admin.metadata({ topics: [], forceUpdate: true }));
    },
    ensureTopics: (specs) => ensureTopics(admin, specs),
    openProducer: ({ transactionalId, ledger, stepMs }) => {
      const producer = new Producer({
        ...options,
        transactionalId,
        // Without these the library says that it is producer 0, which Kafka refuses as fenced.
        ...{ producerId: -1n, producerEpoch: -1 },
        ...{ idempotent: true, retries: PRODUCER_RETRIES },
        // The time of a transaction, too.
        timeout: TRANSACTION_MS,
        compression: "zstd",
      });
      return openTransactions(withoutStrayErrors(producer), {
        ...{ ledger: ledger?.topic, stepMs },
        findUnended: async () => ledger && findUnended(admin, fetchFrom, ledger),
      });
    },
    readAll: (topic, visit) => readAll(admin, fetchFrom, topic, visit),
    tail(tailOptions) {
      // Fetching waits for news, and whatever else is asked on its connections waits behind it.
      const own = withoutStrayErrors(new Admin({ ...options }));
      const tail = startTail(own, createFetcher(own), tailOptions);
      void tail.ended.catch(() => undefined).then(() => closeQuietly(own));
      return tail;
    },
    close: () => closeQuietly(admin),
  };
}

/**
 * A connection that is lost while it logs in says so twice. The library listens once, and an error that nobody listens to ends the
 * process. The request that met it fails in any case.
 */
function withoutStrayErrors<C extends { connections: EventEmitter }>(client: C): C {
  client.connections.on("connecting", ({ connection }: { connection: EventEmitter }) =>
    connection.on("error", () => undefined),
  );
  return client;
}

/** @throws Error when the file of certificates cannot be read. */
export function kafkaAccessOf(config: Config): KafkaAccess {
  const { kafkaBrokers, kafkaTls, kafkaCa, kafkaUser, kafkaPassword, kafkaMechanism: mechanism } = config;
  return {
    brokers: kafkaBrokers,
    tls: kafkaTls,
    ...(kafkaCa ? { ca: readFileSync(kafkaCa, "utf8") } : {}),
    ...(kafkaUser ? { login: { mechanism, user: kafkaUser, password: kafkaPassword } } : {}),
  };
}

function optionsOf({ brokers, tls, ca, login }: KafkaAccess, name: string): BaseOptions {
  const hasNames = brokers.every((each) => isIP(each.replace(/^\[?(.*?)\]?:\d+$/, "$1")) === 0);
  return {
    clientId: name,
    bootstrapBrokers: [...brokers],
    connectTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    retries: RETRIES,
    retryDelay,
    // An address has no place in the name that TLS sends.
    ...(tls ? { tls: ca ? { ca } : {}, tlsServerName: hasNames } : {}),
    ...(login
      ? { sasl: { mechanism: login.mechanism, username: login.user, password: login.password } }
      : {}),
  };
}
