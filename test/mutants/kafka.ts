/** Faults in what goes to Kafka and comes from it. */
import type { Mutant } from "./mutant.ts";

const LEDGER = "shared/server/kafka/ledger.kafka.test.ts";
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
];
