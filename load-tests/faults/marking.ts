/** People beside the crowd during a fault: a moderator at work, readers on two devices, and lists of mentions that are read. Judges what all of them had. */
import type { Minted } from "../support/commands.ts";
import { beginModerating } from "./acts/moderator.ts";
import type { Address } from "./client/chat-connection.ts";
import { type Crowd, MENTIONED } from "./client/crowd.ts";
import type { Attempt } from "./client/journal.ts";
import { watchMentionLists } from "./client/mention-lists.ts";
import { openReaders } from "./client/readers.ts";
import type { Verdict } from "./judge/judge.ts";
import { readFaults } from "./judge/reads.ts";
import { sumVerdicts } from "./judge/sum-verdicts.ts";
import { judgeRoom } from "./judge-room.ts";
import type { FaultCluster } from "./target/fault-cluster.ts";

type Settings = {
  cluster: FaultCluster;
  addresses: readonly Address[];
  users: readonly Minted[];
  moderator: Minted;
  crowd: Crowd;
  /** The first one is moderated. */
  rooms: readonly string[];
  withRetries: <T>(work: () => Promise<T>) => Promise<T>;
};

/** Users who read on two devices each. */
const READERS = 4;

export function openMarking({ cluster, addresses, users, moderator, crowd, rooms, withRetries }: Settings) {
  const mentioned = users.slice(0, MENTIONED);
  const [moderated = ""] = rooms;
  const lists = watchMentionLists(cluster.url, mentioned, crowd, rooms);
  const readers = openReaders(addresses, users.slice(0, READERS), rooms);
  const moderating = beginModerating(cluster.url, moderator, crowd, moderated);

  return {
    end,

    async leave(): Promise<void> {
      readers.leave();
      await end();
    },

    async judgeRooms(): Promise<Verdict> {
      const verdicts = new Map<string, Verdict>();
      const judged = { crowd, cluster, mentioned, removals: moderating.removals, withRetries };
      for (const room of rooms) {
        const moderatedHere = room === moderated ? moderating : undefined;
        verdicts.set(room, await judgeRoom({ ...judged, room, moderating: moderatedHere }));
      }
      return sumVerdicts(verdicts);
    },

    /** Of everything that was acknowledged. */
    summary: (): string =>
      [...Object.entries(counts()), ["removals", moderating.removals.length]]
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", "),

    /** @returns wrong lists and reads, and kinds of acts of which none was acknowledged, in words. */
    faults: async (): Promise<string[]> => [
      ...lists.faults(isKept),
      ...(await readFaults(readers, cluster.backends.databaseUrl, crowd.fronts())),
      ...Object.entries(counts()).flatMap(([kind, count]) =>
        count > 0 ? [] : [`no ${kind} were acknowledged: this shows nothing of them`],
      ),
    ],
  };

  /** Ends the acts, once those under way are over. The readers read on. */
  async function end(): Promise<void> {
    await Promise.all([lists.end(), moderating.end()]);
  }

  function counts() {
    const attempts = crowd.clients.flatMap(({ sentLog }) => sentLog.attempts);
    return {
      reactions: crowd.clients.flatMap(({ wishes }) => wishes().filter(({ answer }) => answer === "acked"))
        .length,
      mentions: attempts.filter(({ mentions, acks }) => mentions && acks.length > 0).length,
      "lists of mentions": lists.count(),
      pins: moderating.pins.filter(({ isAcked }) => isAcked).length,
    };
  }

  /** Whether nobody asked for the deletion of a message. */
  function isKept({ clientId, sender }: Attempt): boolean {
    const own = crowd.clients[sender];
    if (own === crowd.victim()) return false;
    return !own?.sentLog.attempts.some(({ target }) => target?.clientId === clientId);
  }
}
