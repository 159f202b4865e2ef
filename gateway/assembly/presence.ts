/** Wires presence and the connection records. */
import { openFrontStore } from "../../shared/server/redis/front-store.ts";
import { createConnectionRecords } from "../presence/connection-records.ts";
import { createFronts } from "../presence/fronts.ts";
import { createPresence } from "../presence/presence.ts";
import type { Node } from "./node.ts";
import type { Stores } from "./stores.ts";

export function openPresence({ config, onClose }: Node, stores: Stores) {
  const presence = createPresence(stores.presenceStore, stores.keys);
  onClose("presence", presence.close);
  const records = createConnectionRecords(stores.connectionRecordStore, config.name, presence.instanceId);
  onClose("records", () => records.flush(true));
  const fronts = createFronts(openFrontStore(stores.redis, stores.keys), presence.instanceId);
  onClose("fronts", fronts.leave);
  return {
    presence,
    fronts,
    records: {
      ...records,
      setFront: fronts.set,
      closed(connection: Parameters<typeof records.closed>[0]) {
        records.closed(connection);
        fronts.set(connection.id, undefined, false);
      },
    },
  };
}
