/** Wires presence and the connection records. */
import { createConnectionRecords } from "../presence/connection-records.ts";
import { createPresence } from "../presence/presence.ts";
import type { Node } from "./node.ts";
import type { Stores } from "./stores.ts";

export function openPresence({ config, onClose }: Node, stores: Stores) {
  const presence = createPresence(stores.presenceStore, stores.keys);
  onClose("presence", presence.close);
  const records = createConnectionRecords(stores.connectionRecordStore, config.name, presence.instanceId);
  onClose("records", () => records.flush(true));
  return { presence, records };
}
