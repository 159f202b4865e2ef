/** Faults in how messages that come together are accepted, and in what an overloaded gateway refuses. */
import type { Mutant } from "./mutant.ts";

const BATCHES = "gateway/messages/batches.int.test.ts";
const GROUP = "shared/server/redis/group-commit.test.ts";
const SEND = "gateway/ws/handlers/send.test.ts";
const ACKS = "gateway/ws/acknowledgements.test.ts";
const FAN_OUT = "gateway/room-log/fan-out-batch.test.ts";

const IN_ORDER = [
  BATCHES,
  "give each message one seq in the order in which they came, repeats included, in all rooms",
] as const;

export const accept: readonly Mutant[] = [
  {
    what: "a message that cannot be appended fails those that came with it",
    place: "append.lua",
    find: "local ok, reply = pcall(append, i * KEYS_EACH, 2 + i * ARGS_EACH)",
    replace: "local ok, reply = true, append(i * KEYS_EACH, 2 + i * ARGS_EACH)",
    seenBy: [[BATCHES, "fail alone where a room cannot be written"]],
  },
  {
    what: "a room that cannot be marked for the worker fails those that came with it",
    place: "append.lua",
    find: "local ok, failure = pcall(settle, room)",
    replace: "local ok, failure = true, settle(room)",
    seenBy: [[BATCHES, "fail alone where a shard's list for the worker cannot be written"]],
  },
  {
    what: "the worker is told of one event of a batch",
    place: "append-event.lua",
    find: "'n:' .. room.name, count)",
    replace: "'n:' .. room.name, 1)",
    seenBy: [IN_ORDER],
  },
  {
    what: "a user who cannot be read fails those who came with them",
    place: "admit.lua",
    find: "local ok, reply = pcall(decide, i * KEYS_EACH, SHARED + i * ARGS_EACH)",
    replace: "local ok, reply = true, decide(i * KEYS_EACH, SHARED + i * ARGS_EACH)",
    seenBy: [
      [
        BATCHES,
        "decisions of one turn fail alone where a user's keys cannot be read, and know what the turn counted",
      ],
    ],
  },
  {
    what: "those who wait behind an outage wait for one of their own",
    place: "createGroupCommit",
    find: "error instanceof Unavailable ? batch.concat(waiting) : batch",
    replace: "batch",
    seenBy: [[GROUP, "fail together in an outage, those that wait included; the next ones are tried"]],
  },
  {
    what: "messages wait for as long as it takes",
    place: "createGroupCommit",
    find: "time - oldest.since > patienceMs",
    replace: "time - oldest.since > 1_000 * patienceMs",
    seenBy: [
      [GROUP, "are refused at once while the oldest has waited too long, until that one went"],
      [GROUP, "are refused at once when a turn of the event loop brought more than it can handle"],
    ],
  },
  {
    what: "a message overtakes one that was refused in an outage",
    place: "createSendMessage",
    find: "keepOrder(connection, frame, receivedAt, startedAt);",
    replace: "undefined as ReturnType<typeof keepOrder>;",
    seenBy: [
      [SEND, "a message behind one that was refused in an outage does not overtake it"],
      [
        SEND,
        "a client that sends again what was refused, when it was told to, is heard in the order it wrote",
      ],
    ],
  },
  {
    what: "a message waits for those of its socket for as long as it takes",
    place: "createSendMessage",
    find: "startedAt - receivedAt > LATE_MS",
    replace: "startedAt < receivedAt",
    seenBy: [[SEND, "while messages take long, one that waited too long behind others is to come again"]],
  },
  {
    what: "an acknowledgement waits for a broadcast that does not come",
    place: "createAcknowledge",
    find: "else if (!isSweeping) sweepLater();",
    replace: "",
    seenBy: [[ACKS, "it waits for a silent bus for a tenth of a second at most, and goes once"]],
  },
  {
    what: "a busy gateway writes every event by itself",
    place: "createFanOutPace",
    find: "freeAt <= now()",
    replace: "freeAt <= Infinity",
    seenBy: [[FAN_OUT, "hold events that come fast, and send them as one frame in order"]],
  },
];
