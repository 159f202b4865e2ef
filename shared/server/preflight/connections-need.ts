/** How many connections to PostgreSQL a cluster needs, counted from its lanes. */
import { GATEWAY_LANES, WORKER_LANES } from "../postgres/lane-sizes.ts";
import type { Finding } from "./finding.ts";

const sum = (lanes: Record<string, number>): number =>
  Object.values(lanes).reduce((total, each) => total + each, 0);
/** Commands and checks. */
const OTHERS = 2;

/** `peak`: when every lane is busy. `floor`: one for each lane, without which processes do not become ready. */
function connectionsNeed(gateways: number): { peak: number; floor: number } {
  const lanes = Object.keys(GATEWAY_LANES).length * gateways + Object.keys(WORKER_LANES).length;
  return { peak: sum(GATEWAY_LANES) * gateways + sum(WORKER_LANES) + OTHERS, floor: lanes + OTHERS };
}

/** @param allowed connections that a role without special rights may open. */
export function connectionsFinding(allowed: number, place: string, gateways: number): Finding {
  const about = "PostgreSQL connections";
  const { peak, floor } = connectionsNeed(gateways);
  const who = `${gateways} ${gateways === 1 ? "gateway" : "gateways"} and a worker`;
  const says = `${place} allows ${allowed} connections, ${who} need ${peak}`;
  if (allowed >= peak) return { kind: "fine", about, says };
  const mend = `raise max_connections, or start ${fewer(allowed)}`;
  return { kind: allowed < floor ? "refuses" : "warns", about, says, mend };
}

function fewer(allowed: number): string {
  let gateways = 0;
  while (connectionsNeed(gateways + 1).peak <= allowed) gateways++;
  return gateways === 0 ? "it elsewhere" : `${gateways} at most`;
}
