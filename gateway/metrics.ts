/** What a gateway counts. */
import type { RefusalCode } from "../shared/codes.ts";
import type { ClientErrorBody } from "../shared/http-api.ts";
import { Counter, createRegistry, Gauge } from "../shared/server/process/metrics.ts";
import type { Place } from "./internal-errors.ts";

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(
  connections: () => number,
  rooms: () => number,
  roomsSetAside: () => number,
  readsWaiting: () => number,
) {
  const registry = createRegistry();
  const registers = [registry];
  new Gauge({
    name: "suda_connections",
    help: "Sockets open on this gateway",
    registers,
    collect() {
      this.set(connections());
    },
  });
  new Gauge({
    name: "suda_rooms",
    help: "Rooms in memory",
    registers,
    collect() {
      this.set(rooms());
    },
  });
  new Gauge({
    name: "suda_rooms_set_aside",
    help: "Rooms whose log in Redis cannot be read: nobody is let in until it can",
    registers,
    collect() {
      this.set(roomsSetAside());
    },
  });
  new Gauge({
    name: "suda_reads_waiting",
    help: "Reads of older pages that wait for their turn",
    registers,
    collect() {
      this.set(readsWaiting());
    },
  });
  const events = new Counter({
    name: "suda_events_total",
    help: "Events brought to the members here",
    registers,
  });
  const messages = new Counter({
    name: "suda_messages_total",
    help: "Messages acknowledged here",
    registers,
  });
  const refusals = new Counter({
    name: "suda_refusals_total",
    help: "Refused frames",
    labelNames: ["code"],
    registers,
  });
  const slow = new Counter({
    name: "suda_slow_readers_total",
    help: "Sockets cut since they fell behind",
    registers,
  });
  const lost = new Counter({
    name: "suda_lost_logs_total",
    help: "Rooms whose members were told to start over",
    registers,
  });
  const restores = new Counter({
    name: "suda_restores_total",
    help: "Rooms started in a fresh epoch",
    registers,
  });
  const gone = new Counter({
    name: "suda_lost_events_total",
    help: "Events that were lost with Redis' data, as far as they can be counted",
    registers,
  });
  const internal = new Counter({
    name: "suda_internal_errors_total",
    help: "Faults of this program, each of which failed one request, frame or task",
    labelNames: ["where"],
    registers,
  });
  const pages = new Counter({
    name: "suda_client_errors_total",
    help: "Faults of pages, as pages tell them",
    labelNames: ["where"],
    registers,
  });
  return {
    registry,
    events: (count: number) => events.inc(count),
    message: () => messages.inc(),
    refused: (code: RefusalCode) => refusals.inc({ code }),
    internalError: (where: Place) => internal.inc({ where }),
    clientError: (where: ClientErrorBody["where"]) => pages.inc({ where }),
    slowReader: () => slow.inc(),
    restored: (lostEvents: number) => {
      restores.inc();
      gone.inc(lostEvents);
    },
    lostLog: () => lost.inc(),
  };
}
