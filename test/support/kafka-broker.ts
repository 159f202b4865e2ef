/** Brokers of tests. */

import { childEnvironment } from "../../infra/local/cli/environment.ts";
import {
  KAFKA_ENVIRONMENT,
  KAFKA_USER,
  type KafkaSettings,
  startKafkaServer,
} from "../../infra/local/stores/kafka.ts";
import type { KafkaAccess } from "../../shared/server/kafka/client.ts";

/** Where a broker listens, and what its clients need to log in. */
export type KafkaAddress = {
  port: number;
  password: string;
  /** The listener with TLS; `ca`: a file. */
  secure?: { port: number; password: string; ca: string };
};

export const startKafka = (settings: KafkaSettings) =>
  startKafkaServer(settings, childEnvironment(KAFKA_ENVIRONMENT));

export const accessOf = ({ port, password }: Pick<KafkaAddress, "port" | "password">): KafkaAccess => ({
  brokers: [`127.0.0.1:${port}`],
  tls: false,
  login: { mechanism: "PLAIN", user: KAFKA_USER, password },
});
