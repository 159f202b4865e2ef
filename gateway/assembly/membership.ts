/** This gateway's membership in the cluster of its database. */
import { createMembership, type Membership } from "../../shared/server/membership/membership.ts";
import { fingerprintsOf } from "../../shared/server/membership/signing-keys.ts";
import { endRefused } from "../../shared/server/process/refused.ts";
import { openClusterMarkStore } from "../../shared/server/redis/cluster-mark-store.ts";
import type { Readiness } from "../readiness.ts";
import type { Node } from "./node.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

export function openMembership(
  { config, log, onClose }: Node,
  { sql, redis, keys }: Stores,
  sockets: Pick<Sockets, "all">,
  readiness: Readiness,
): Membership {
  const membership = createMembership({
    sql,
    marks: openClusterMarkStore(redis, keys),
    self: {
      kind: "gateway",
      name: config.name,
      address: `${config.host}:${config.port}`,
      signingKeys: fingerprintsOf(config.jwtKeys),
    },
    keyPrefix: config.keyPrefix,
    report: () => ({ ready: readiness.reasons().length === 0, clients: sockets.all.count }),
    // Nothing that this gateway would acknowledge is kept.
    onRefused: endRefused,
    log,
  });
  onClose("membership", membership.leave);
  return membership;
}
