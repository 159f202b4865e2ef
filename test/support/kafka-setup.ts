/** vitest global set-up of the tests with Kafka: one broker for the run. It starts beside the first files, which wait for it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { kafkaClassPath, missingForKafka } from "../../infra/local/stores/kafka-jars.ts";
import { freePort } from "../../load-tests/support/free-port.ts";
import { issueCertificate } from "./certificate.ts";
import { type KafkaAddress, startKafka } from "./kafka-broker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Null: none can run here. */
    kafka: KafkaAddress | null;
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = await cannotRun();
  if (missing) {
    say(`Tests of Kafka are left out: ${missing}`);
    project.provide("kafka", null);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "suda-kafka-"));
  const pem = join(folder, "secure.pem");
  issueCertificate(join(folder, "secure"), "localhost", 2);
  writeFileSync(pem, ["key", "crt"].map((kind) => readFileSync(join(folder, `secure.${kind}`))).join(""));
  const securePort = await freePort();
  const ports = { port: await freePort(), controllerPort: await freePort() };
  const settings = {
    ...{ folder: join(folder, "broker"), ...ports, password: "test" },
    secure: { port: securePort, pem, password: "test-scram" },
  };
  project.provide("kafka", {
    port: ports.port,
    password: settings.password,
    secure: { port: securePort, password: settings.secure.password, ca: join(folder, "secure.crt") },
  });
  const starting = startKafka(settings);
  starting.catch((error: unknown) => say(`Kafka for tests does not start: ${String(error)}`));
  return async () => {
    await starting.then((broker) => broker.stop("SIGKILL", 0)).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** @returns the line that says why; undefined if it can. */
async function cannotRun(): Promise<string | undefined> {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    await kafkaClassPath(say);
    return missingForKafka();
  } catch (error) {
    return (error as Error).message;
  }
}
