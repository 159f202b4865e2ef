/** Decisions on the messages of one turn of the event loop, as one call of admit.lua. */
import { DEDUPE_MS } from "../../limits.ts";
import type { Role } from "../../server-frames.ts";
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { scriptError } from "./outages.ts";
import { openScript } from "./script.ts";
import { clientIdMark } from "./sent-id.ts";
import type { Attempt, Decision, Rules } from "./user-store.ts";

type Reply = [decision: string, string, Role, number, number, string, number];

/** Only messages of this recent past count as repeated. */
const SPAM_WINDOW_MS = 10 * 60_000;
/** About the size of the keys and arguments of a message besides its text. */
const OVERHEAD_BYTES = 400;

export function openAdmit(
  redis: Commands,
  keys: RedisKeys,
  rules: Rules,
): (attempt: Attempt) => Promise<Decision> {
  const admit = openScript(redis, "admit");
  const { on, perSecond, burst, mutesMs } = rules;
  const shared = [on ? 1 : 0, perSecond, burst, mutesMs.join(","), DEDUPE_MS, SPAM_WINDOW_MS];
  return createGroupCommit(admitAll, ({ text }) => OVERHEAD_BYTES + text.length, { sheds: true });

  async function admitAll(attempts: Attempt[]): Promise<(Decision | Error)[]> {
    const names: string[] = [];
    const args: (string | number | Buffer)[] = [...shared];
    for (const { userId, room, clientId, text, fingerprint, exempt, slowModeMs } of attempts) {
      names.push(keys.user(userId), keys.userRecent(userId), keys.userStrikes(userId));
      names.push(keys.userChanges(userId), keys.userSlow(userId, room), keys.userRooms(userId));
      args.push(room, clientId, fingerprint, text, exempt ? 0 : 1, slowModeMs, clientIdMark(clientId));
    }
    const replies = (await admit.runBatch(names, args)) as Reply[];
    return replies.map(decisionOf);
  }
}

function decisionOf([decision, nickname, role, waitMs, until, reason, version]: Reply): Decision | Error {
  if (decision === "ok" || decision === "warn") return { decision, nickname, role };
  if (decision === "too_fast" || decision === "slow_mode") return { decision, waitMs };
  if (decision === "spam") return { decision, waitMs, until, reason, version };
  if (decision === "muted") return { decision, waitMs, until, reason };
  if (decision === "failed") return scriptError(nickname);
  return { decision: "unknown", asked: { run: nickname, changes: role } };
}
