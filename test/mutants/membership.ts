/** Faults in the membership of processes in the cluster of a database. */
import type { Mutant } from "./mutant.ts";

const MEMBERSHIP = "shared/server/membership/membership.int.test.ts";

export const membership: readonly Mutant[] = [
  {
    what: "a process with another Redis joins beside those that live",
    place: "decide",
    find: "return oldest.redis === mark.redisId",
    replace: "return oldest.redis !== undefined",
    seenBy: [
      [
        MEMBERSHIP,
        "another Redis is refused in one line while a process lives, and not any more once it left",
      ],
      [
        MEMBERSHIP,
        "of two that start in the same moment with two Redises one is in and the other is refused",
      ],
    ],
  },
  {
    what: "a process with other signing keys joins",
    place: "decide",
    find: "!fitTogether(signingKeys, each.signingKeys)",
    replace: "fitTogether([], each.signingKeys) && false",
    seenBy: [
      [MEMBERSHIP, "other signing keys are refused while a process lives, and taken over when none does"],
    ],
  },
  {
    what: "another secret under the same name passes for the same key",
    place: "fitTogether",
    find: "sameKid.every((each) => theirs.includes(each))",
    replace: "theirs.length > 0",
    seenBy: [["shared/server/membership/signing-keys.test.ts", "keys fit or not: %s"]],
  },
  {
    what: "a Redis that was replaced is taken back with its old logs",
    place: "decide",
    find: "redises.slice(0, -1).includes(mark.redisId)",
    replace: "redises.slice(0, 0).includes(mark.redisId)",
    seenBy: [
      [
        MEMBERSHIP,
        "a Redis that is empty, or was emptied, while nobody lives is taken over; the former one is refused afterwards",
      ],
    ],
  },
  {
    what: "the Redis of another cluster is taken",
    place: "decide",
    find: "mark.clusterId !== clusterId)",
    replace: "mark.clusterId === undefined)",
    seenBy: [
      [
        MEMBERSHIP,
        "the Redis of another cluster under the same key prefix is refused; under another prefix it is fine",
      ],
    ],
  },
  {
    what: "a process that was killed keeps others out as if it lived",
    place: "shared/createMembership",
    find: "const PROOF = 2;",
    replace: "const PROOF = 0;",
    seenBy: [[MEMBERSHIP, "a killed process is in nobody's way for longer than its lease"]],
  },
  {
    what: "an emptied Redis gets no mark back",
    place: "shared/createMembership",
    find: "const now = await marks.put(ours);",
    replace: "const now = ours;",
    seenBy: [
      [MEMBERSHIP, "a Redis that is emptied while processes live gets its mark back, and a new one joins"],
      [MEMBERSHIP, "a Redis that became another one under a process ends it"],
    ],
  },
  {
    what: "a process that finds an older one on another Redis goes on",
    place: "shared/createMembership",
    find: "if (oldest && oldest.redis !== ours.redisId) onRefused(otherRedis(oldest));",
    replace: "if (!oldest) onRefused(otherRedis(oldest as never));",
    seenBy: [
      [MEMBERSHIP, "a process that was thought dead ends when an older one comes back, never the older one"],
    ],
  },
];
