/** Faults in what goes to Kafka and comes from it. */
import type { Mutant } from "./mutant.ts";

const LEDGER = "shared/server/kafka/ledger.kafka.test.ts";
const OUTBOX = "worker/kafka/outbox.int.test.ts";
const ORDER = "worker/kafka/outbox-order.int.test.ts";
const SECRETS = "worker/kafka/outbox-secrets.int.test.ts";
const PRODUCER = "shared/server/kafka/producer.kafka.test.ts";
const TOPICS = "shared/server/kafka/topics.test.ts";

export const kafka: readonly Mutant[] = [
  {
    what: "records of aborted transactions are read",
    place: "readableBatches",
    find: "!(batch.attributes & IS_TRANSACTIONAL && aborting.has(batch.producerId))",
    replace: "true",
    seenBy: [
      [
        "shared/server/kafka/committed.test.ts",
        "records of an aborted transaction are left out, also when its end is in the next answer",
      ],
    ],
  },
  {
    what: "a committed transaction whose end a broker has lost is aborted",
    place: "findUnended",
    find: 'end: tellsOf(last, ends) ? "commit" : "abort"',
    replace: 'end: "abort"',
    seenBy: [[LEDGER, "is committed when its entry is"]],
  },
  {
    what: "an aborted transaction whose end a broker has lost is committed",
    place: "findUnended",
    find: '? "abort" : "commit" };',
    replace: '? "commit" : "commit" };',
    seenBy: [
      [LEDGER, "ends with %s in its entry too, when Kafka has ended another of its partitions with %s"],
    ],
  },
  {
    what: "a producer goes on after an error",
    place: "openTransactions",
    find: 'void giveUp(new KafkaUnavailable("closed", "this producer of Kafka was given up"));',
    replace: "",
    seenBy: [[PRODUCER, "that comes second fences the first one, and aborts what that one had under way"]],
  },
  {
    what: "a batch is as large as the transaction",
    place: "inBatches",
    find: "sum > MAX_BATCH_BYTES",
    replace: "sum < 0",
    seenBy: [[TOPICS, "no batch for one partition is larger than Kafka takes, and the order stays"]],
  },
  {
    what: "a repetition of an event has another id",
    place: "eventHeaders",
    find: "id: `",
    replace: "id: previous + `",
    seenBy: [[TOPICS, "an event is a CloudEvent whose id is the same in every publication"]],
  },
  {
    what: "changes are published in the order in which their transactions began",
    place: "createOutboxChangeQueries",
    find: "row_number() over (order by id) as number",
    replace: "row_number() over (order by id desc) as number",
    seenBy: [
      [
        ORDER,
        "however transactions overlap, each committed change is published once, and those of a key in the order in which they were made",
      ],
    ],
  },
  {
    what: "rows whose publication failed get other places",
    place: "readOutbox",
    find: "if (pending.length > 0) return pending;",
    replace: "",
    seenBy: [[OUTBOX, "rows whose publication failed come again with the places that they had"]],
  },
  {
    what: "acts in private rooms are published with the others",
    place: "createOutboxTriggerQueries",
    find: '"= \'public\'", "!~"',
    replace: '"= \'public\'", "is distinct from"',
    seenBy: [[OUTBOX, "private rooms, and acts that name one, are published only when that is wanted"]],
  },
  {
    what: "users are published with their e-mail address",
    place: "0027_kafka_outbox.sql",
    find: "'role', person.role)",
    replace: "'role', person.role, 'email', person.email)",
    seenBy: [
      [
        SECRETS,
        "only the name of a person, the title of a room and what the audit says leave it: no password, address, text or reason",
      ],
    ],
  },
  {
    what: "a gap is no gap",
    place: "createEventCheck",
    find: "counts.gaps++;",
    replace: "return undefined;",
    seenBy: [
      [
        "shared/event-check.test.ts",
        "an event that is missing is a gap at the next one of its room, wherever it was",
      ],
    ],
  },
];
