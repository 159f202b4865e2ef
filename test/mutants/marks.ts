/** Faults in what people do to messages and in how they find them, which the fault checker and tests of search must notice. */
import type { Mutant } from "./mutant.ts";

const FAULTS = "test/faults.e2e.test.ts";
const ALL_IS_KEPT = "nothing acknowledged is lost, doubled or reordered, and all agree";
const SLICED = [
  "gateway/history/sliced-days.test.ts",
  "reaches up to the first message that no slice has, in whatever order slices come and go",
] as const;

export const marks: readonly Mutant[] = [
  {
    what: "of all reactions of a second one is written",
    place: "append-reactions.lua",
    find: "if #order > 0 then",
    replace: "order = {order[1]}\nif #order > 0 then",
    seenBy: [[FAULTS, `worker-kill: ${ALL_IS_KEPT}`]],
  },
  {
    what: "a removal leaves the messages of its author in the archive",
    place: "worker/createRemovalQueries",
    find: "kind = 'message' and not (deleted and coalesce(data ? 'deletion', false))",
    replace: "kind = 'message' and deleted",
    seenBy: [[FAULTS, `worker-kill: ${ALL_IS_KEPT}`]],
  },
  {
    what: "the list of mentions lacks those that PostgreSQL does not have yet",
    place: "createMentionList",
    find: "[...recent, ...stored]",
    replace: "[...recent.slice(0, 0), ...stored]",
    seenBy: [[FAULTS, `worker-kill: ${ALL_IS_KEPT}`]],
  },
  {
    what: "messages that no slice of today has are looked for in the slices only",
    place: "createSlicedDays",
    find: "return Math.min(place.upTo, below - 1);",
    replace: "return below - 1;",
    seenBy: [SLICED],
  },
  {
    what: "messages before a slice that is not there are looked for in the slices only",
    place: "slicesFromMidnight",
    find: "slice.from <= end && ",
    replace: "",
    seenBy: [["gateway/history/sliced-days.test.ts", "counts no slice behind a gap"]],
  },
];
