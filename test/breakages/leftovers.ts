/** Faults in what one person leaves in a browser for the next, and in the order in which a page sends. */
import type { Breakage } from "./breakage.ts";

const STORAGE_TESTS = "web/state/storage.test.ts";
const PACE_TESTS = "web/state/outbox-pace.test.ts";

export const leftovers: readonly Breakage[] = [
  {
    what: "what a browser keeps is everybody's",
    file: "web/state/storage.ts",
    find: "`suda:${key}:${owner}`",
    replace: "`suda:${key}:`",
    seenBy: [[STORAGE_TESTS, "%s: of two users and a guest each finds their own, and nobody else's"]],
  },
  {
    what: "another tab's change is not heard of",
    file: "web/state/kept.ts",
    find: "  store.heard(changed);\n",
    replace: "",
    seenBy: [
      [STORAGE_TESTS, "%s: another tab of the same person follows, where it is kept for all tabs"],
      [
        "web/state/ignored.test.ts",
        "two tabs add to one list and take from it, and neither undoes what the other did",
      ],
    ],
  },
  {
    what: "a message overtakes one that waits for its pace",
    file: "web/state/outbox.ts",
    find: "while (entry && isDue(entry) && (entry.resendAt ?? now) <= now && !sendOne(entry)) entry = first();",
    replace:
      "for (const each of entries) if (each.room === room && isPending(each) && each.sentAt === 0) sendOne(each as Pending);",
    seenBy: [
      [PACE_TESTS, "lines that come too fast go out in the order written, by themselves (%d ms away)"],
    ],
  },
];
