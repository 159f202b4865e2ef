/** Everything that a gateway does again and again, and in which order: the heartbeat with its tasks. */
import { type HeartbeatDeps, startHeartbeat } from "../heartbeat.ts";
import type { ConnectionRecords } from "../presence/connection-records.ts";
import type { Presence } from "../presence/presence.ts";
import { createPresenceBroadcast, type PresenceBroadcastDeps } from "../presence/presence-broadcast.ts";
import type { Readiness } from "../readiness.ts";
import { createReconciler, type ReconcilerDeps } from "../recovery/reconciler.ts";

type Deps = Omit<ReconcilerDeps, "onBus"> &
  Pick<PresenceBroadcastDeps, "publish"> & {
    rooms: PresenceBroadcastDeps["rooms"];
    control: { check: () => Promise<void> };
    presence: Presence;
    records: ConnectionRecords;
    readiness: Pick<Readiness, "bus" | "redis">;
  };

/** @returns ends them. */
export function startRepeatedTasks({ presence, records, readiness, publish, ...deps }: Deps) {
  const { rooms, control, onInternalError } = deps;
  const reconciler = createReconciler({ ...deps, onBus: readiness.bus });
  const { headSeqOf } = reconciler;
  const broadcast = createPresenceBroadcast({ rooms, presence, publish, headSeqOf });
  const tasks: HeartbeatDeps["tasks"] = new Map([
    ["presence", presence.tick],
    ["compare", reconciler.compareAll],
    ["control", control.check],
    ["records", () => records.flush()],
  ]);
  return startHeartbeat({
    ...{ before: reconciler.check, tasks, after: broadcast.send },
    ...{ onAnswers: readiness.redis, onInternalError },
  });
}
