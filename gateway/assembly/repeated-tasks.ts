/** Wires the heartbeat: every repeated task of a gateway, in order. */
import type { Control } from "../control/control-log.ts";
import { startHeartbeat } from "../heartbeat.ts";
import type { ConnectionRecords } from "../presence/connection-records.ts";
import type { Fronts } from "../presence/fronts.ts";
import type { Presence } from "../presence/presence.ts";
import { createPresenceBroadcast } from "../presence/presence-broadcast.ts";
import type { Readiness } from "../readiness.ts";
import { createReconciler } from "../recovery/reconciler.ts";
import type { Evictions } from "../rooms/evictions.ts";
import type { Node } from "./node.ts";
import type { Reactions } from "./reactions.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  roomLogs: Pick<RoomLogs, "rooms" | "bus"> & { gathering: Pick<Reactions["gathering"], "noteGathered"> };
  control: Control;
  presence: Presence;
  records: ConnectionRecords;
  fronts: Pick<Fronts, "flush">;
  sockets: Pick<Sockets, "publish">;
  readiness: Readiness;
  evictions: Pick<Evictions, "settleDoubtful">;
};

export function startRepeatedTasks({ onClose, onInternalError }: Node, stores: Stores, needs: Needs): void {
  const { control, presence, records, readiness } = needs;
  const { rooms, bus } = needs.roomLogs;
  const { keys, roomLogStore: scripts } = stores;
  const reconciler = createReconciler({
    ...{ rooms, control, bus, scripts, keys, onInternalError },
    onBus: readiness.bus,
    onGathered: needs.roomLogs.gathering.noteGathered,
  });
  const { headSeqOf } = reconciler;
  const broadcast = createPresenceBroadcast({ rooms, presence, headSeqOf, publish: needs.sockets.publish });
  const heartbeat = startHeartbeat({
    before: reconciler.check,
    tasks: new Map([
      ["presence", presence.renew],
      ["compare", reconciler.compareAll],
      ["control", control.check],
      ["records", () => records.flush()],
      ["fronts", needs.fronts.flush],
      ["private rooms", needs.evictions.settleDoubtful],
    ]),
    after: broadcast.send,
    onAnswers: readiness.redis,
    onInternalError,
  });
  onClose("heartbeat", heartbeat.close);
}
