/** A Kafka of the cluster's own (`npm start -- --kafka`): its process, and how worker, gateways and other programs reach it. */
import { join } from "node:path";
import { childEnvironment } from "../cli/environment.ts";
import type { Ports } from "../data/ports.ts";
import type { KafkaAddress } from "../data/runner-file.ts";
import { KAFKA_ENVIRONMENT, KAFKA_USER, kafkaAnswers, kafkaCommand } from "../stores/kafka.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";

export type KafkaProcess = {
  spec: ProcessSpec;
  /** As of its last start. */
  address(): KafkaAddress;
};

const CONTROLLER = "kafka/controller";

/** Its data is in the data folder, its ports are chosen as those of the other processes. */
export async function createKafka(
  data: string,
  ports: Ports,
  { password, commandKeys }: Pick<KafkaAddress, "password" | "commandKeys">,
): Promise<KafkaProcess> {
  await ports.take("kafka");
  return {
    spec: {
      name: "kafka",
      get port() {
        return ports.of("kafka");
      },
      async command() {
        await Promise.all([ports.take("kafka"), ports.take(CONTROLLER)]);
        const listen = { port: ports.of("kafka"), controllerPort: ports.of(CONTROLLER) };
        return kafkaCommand({ folder: join(data, "kafka"), ...listen, password });
      },
      env: () => childEnvironment(KAFKA_ENVIRONMENT),
      ready: () => kafkaAnswers(ports.of("kafka")),
      stopSignal: "SIGTERM",
      stopWithinMs: 8_000,
      checkEveryMs: 5_000,
    },
    address: () => ({ brokers: `127.0.0.1:${ports.of("kafka")}`, user: KAFKA_USER, password, commandKeys }),
  };
}

/** The settings by which the worker and the gateways reach it. */
export const kafkaSettingsOf = (address: KafkaAddress): Record<string, string> => ({
  SUDA_KAFKA_BROKERS: address.brokers,
  SUDA_KAFKA_USER: address.user,
  SUDA_KAFKA_PASSWORD: address.password,
  SUDA_KAFKA_COMMAND_KEYS: address.commandKeys,
  SUDA_KAFKA_MECHANISM: "PLAIN",
  SUDA_KAFKA_TLS: "off",
  SUDA_KAFKA_CA: "",
});
