/** Faults in the separation of two users of one browser. */
import type { Mutant } from "./mutant.ts";

const KEPT_TESTS = "web/state/kept.test.ts";

export const leftovers: readonly Mutant[] = [
  {
    what: "the messages that a browser keeps stay when there is another owner",
    place: "createKnownRooms",
    find: "else await database.remove(key);",
    replace: "else await database.get(key);",
    seenBy: [
      [
        "web/offline/known-rooms.test.ts",
        "another owner leaves nothing of the one before, and one owner no more than thirty rooms",
      ],
      [
        "test/offline.e2e.test.ts",
        "a person who logged out, and the next one in this browser, find nothing of it",
      ],
    ],
  },
  {
    what: "what a browser keeps is everybody's",
    place: "createStore",
    find: "valueAt(read, area, nameOf(key, owner))",
    replace: "valueAt(read, area, nameOf(key, GUEST))",
    also: {
      place: "createStore",
      find: "writeRaw(KEPT[key].area, nameOf(key, owner), value)",
      replace: "writeRaw(KEPT[key].area, nameOf(key, GUEST), value)",
    },
    seenBy: [[KEPT_TESTS, "%s: of two users and a guest each finds their own, and nobody else's"]],
  },
  {
    what: "another tab's change is not heard of",
    place: "web/createKept",
    find: "  store.changedElsewhere(changed);\n",
    replace: "",
    seenBy: [
      [KEPT_TESTS, "%s: another tab of the same person follows, where it is kept for all tabs"],
      [
        "web/state/ignored.test.ts",
        "two tabs add to one list and take from it, and neither undoes what the other did",
      ],
    ],
  },
];
