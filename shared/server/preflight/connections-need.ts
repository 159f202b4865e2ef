/** How many connections to PostgreSQL a cluster needs, counted from its lanes. */

import type { Others } from "../membership/others.ts";
import { GATEWAY_LANES, WORKER_LANES } from "../postgres/lane-sizes.ts";
import type { Finding } from "./finding.ts";

const sum = (lanes: Record<string, number>): number =>
  Object.values(lanes).reduce((total, each) => total + each, 0);
/** Commands and checks. */
const OTHERS = 2;

/** `peak`: when every lane is busy. `floor`: one for each lane, without which processes do not become ready. */
function connectionsNeed(gateways: number, workers: number): { peak: number; floor: number } {
  const lanes = Object.keys(GATEWAY_LANES).length * gateways + Object.keys(WORKER_LANES).length * workers;
  return {
    peak: sum(GATEWAY_LANES) * gateways + sum(WORKER_LANES) * workers + OTHERS,
    floor: lanes + OTHERS,
  };
}

/** @param allowed connections that a role without special rights may open. @param gateways of this runner, which has a worker too. */
export function connectionsFinding(
  allowed: number,
  place: string,
  gateways: number,
  others: Others,
): Finding {
  const about = "PostgreSQL connections";
  const workers = others.workers + 1;
  const all = others.gateways + gateways;
  const { peak, floor } = connectionsNeed(all, workers);
  const elsewhere = others.machines > 0 ? " of all that run on it" : "";
  const who = `${all} ${all === 1 ? "gateway" : "gateways"} and ${workers === 1 ? "a worker" : `${workers} workers`}${elsewhere}`;
  const says = `${place} allows ${allowed} connections, ${who} need ${peak}`;
  if (allowed >= peak) return { kind: "fine", about, says };
  const mend = `raise max_connections, or start ${fewer(allowed, others)}`;
  return { kind: allowed < floor ? "refuses" : "warns", about, says, mend };
}

function fewer(allowed: number, others: Others): string {
  let gateways = 0;
  while (connectionsNeed(others.gateways + gateways + 1, others.workers + 1).peak <= allowed) gateways++;
  return gateways === 0 ? "it elsewhere" : `${gateways} at most`;
}
