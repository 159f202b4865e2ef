/** The max connections of each lane: in one place, because a cluster has to fit into what PostgreSQL allows. */

export const GATEWAY_LANES = {
  /** Identities, rooms, accounts. */
  chat: 5,
  /** Few, because a machine that is busy with old pages is slow for chat. */
  "reading back": 2,
  /** Enough to keep PostgreSQL busy when all rooms are lost at once, and few beside chat's. */
  recovery: 3,
} as const;

/** Of a gateway that may take commands from Kafka: it holds their lock, or asks for it. Not counted among what every cluster needs. */
export const COMMANDS_CONNECTIONS = 1;

export const WORKER_LANES = {
  archive: 2,
  /** A lane of its own, so that slow statements never hold a connection that the archive needs. */
  upkeep: 2,
} as const;

/** Further ones of a worker that publishes to Kafka. */
export const KAFKA_LANES = {
  kafka: 1,
  /** Its session holds the lock by which one worker publishes. */
  "kafka lock": 1,
} as const;
