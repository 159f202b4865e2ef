/** Kafka in a folder: one process that is broker and controller, small enough to run beside the rest of a cluster. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "../../../shared/until.ts";
import { type Command, dieWithParent } from "../supervise/die-with-parent.ts";
import { run } from "../supervise/run.ts";
import { type ServerProcess, spawnServer, tailOf } from "../supervise/server-process.ts";
import { javaProgram, kafkaClassPath } from "./kafka-jars.ts";

export type KafkaSettings = {
  folder: string;
  /** Of the listener for clients, SASL PLAIN on loopback: other users of this machine have no password. */
  port: number;
  controllerPort: number;
  password: string;
  /** A second listener, with TLS and SCRAM-SHA-512. `pem`: a file with its key and certificate. */
  secure?: { port: number; pem: string; password: string };
};

/** The user of both listeners. */
export const KAFKA_USER = "suda";
/** Holds a broker with its sixty partitions in less than 256 MiB. */
const MEMORY = [
  "-Xms32m",
  "-Xmx128m",
  "-Xss512k",
  "-XX:MaxMetaspaceSize=96m",
  "-XX:ReservedCodeCacheSize=48m",
];
const RUNTIME = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"];
const LOGGING = [
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss",
];
/** glibc's arenas for its seventy threads would take as much again. */
export const KAFKA_ENVIRONMENT = { MALLOC_ARENA_MAX: "2" };

/**
 * Formats the folder at first use, writes the configuration (0600: it holds passwords) and returns the command that runs the server.
 * @throws Problem when Java or Maven is missing.
 */
export async function kafkaCommand(settings: KafkaSettings, say?: (line: string) => void): Promise<Command> {
  const { folder } = settings;
  const classPath = await kafkaClassPath(say);
  const java = javaProgram();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "server.properties");
  const lines = Object.entries(propertiesOf(settings)).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  chmodSync(file, 0o600);
  if (!existsSync(join(folder, "data/meta.properties"))) {
    // An interrupted format leaves a folder that the next one refuses.
    rmSync(join(folder, "data"), { recursive: true, force: true });
    const id = randomBytes(16).toString("base64url");
    const args = ["format", "--cluster-id", id, "--config", file, ...scramUser(settings)];
    await run({ command: java, args: [...RUNTIME, "-cp", classPath, "kafka.tools.StorageTool", ...args] });
  }
  const args = [...MEMORY, ...RUNTIME, ...LOGGING, "-cp", classPath, "kafka.Kafka", file];
  return dieWithParent("TERM", { command: java, args });
}

function scramUser({ secure }: KafkaSettings): string[] {
  return secure ? ["--add-scram", `SCRAM-SHA-512=[name=${KAFKA_USER},password=${secure.password}]`] : [];
}

function propertiesOf({ folder, port, controllerPort, password, secure }: KafkaSettings) {
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${KAFKA_USER}" password="${password}" user_${KAFKA_USER}="${password}";`;
  const listeners = [`CLIENTS://127.0.0.1:${port}`, ...(secure ? [`SECURE://localhost:${secure.port}`] : [])];
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENTS",
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(","),
    "advertised.listeners": listeners.join(","),
    "listener.security.protocol.map": `CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT${secure ? ",SECURE:SASL_SSL" : ""}`,
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.clients.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.clients.plain.sasl.jaas.config": plain,
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.controller.plain.sasl.jaas.config": plain,
    ...(secure ? secureProperties(secure.pem) : {}),
    "log.dirs": join(folder, "data"),
    "auto.create.topics.enable": false,
    // A broker that was killed is let in again once its session has ended.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    // One node, so one copy of Kafka's own topics too, in few partitions.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 2,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 2,
    "group.initial.rebalance.delay.ms": 0,
    // The usual buffers and threads are those of a large machine.
    "log.cleaner.dedupe.buffer.size": 4 << 20,
    "log.cleaner.io.buffer.size": 256 << 10,
    "log.index.size.max.bytes": 1 << 20,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
  };
}

const secureProperties = (pem: string) => ({
  "listener.name.secure.sasl.enabled.mechanisms": "SCRAM-SHA-512",
  "listener.name.secure.scram-sha-512.sasl.jaas.config":
    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
  "listener.name.secure.ssl.keystore.type": "PEM",
  "listener.name.secure.ssl.keystore.location": pem,
});

/** ApiVersions, version 0, of a client without a name: a listener answers it before a client has logged in. */
const QUESTION = Buffer.from("0000000a" + "0012" + "0000" + "00000001" + "ffff", "hex");

/** @returns whether the listener on this port serves; a broker opens it last, when it has its data. */
export function kafkaAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 2_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => socket.write(QUESTION));
    // Its length, the number of the question, and an error code of 0.
    socket.once("data", (data) =>
      end(data.length >= 10 && data.readInt32BE(4) === 1 && data.readInt16BE(8) === 0),
    );
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** Starts a server and waits until it answers. Restarting it is up to the caller. */
export async function startKafkaServer(
  settings: KafkaSettings,
  env: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const command = await kafkaCommand(settings);
  const logFile = join(settings.folder, "kafka.log");
  const server = await spawnServer(command, { logFile, env });
  let ended = "";
  void server.gone.then((how) => {
    ended = how;
  });
  const answers = async (): Promise<boolean> => {
    if (ended) throw new Error(`Kafka ended (${ended}): ${tailOf(logFile)}`);
    return kafkaAnswers(settings.port);
  };
  await until("Kafka answers", answers, { withinMs: 60_000 });
  return server;
}
