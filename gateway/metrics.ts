/** The metrics of a gateway. */
import type { FrameCode } from "../shared/codes.ts";
import type { ClientErrorBody } from "../shared/http-api.ts";
import { Counter, createRegistry, Gauge, Histogram } from "../shared/server/process/metrics.ts";
import type { Place } from "./internal-errors.ts";
import type { Step } from "./messages/accept-times.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** Current values. */
type Gauges = Record<"connections" | "rooms" | "roomsSetAside" | "readsWaiting", () => number>;

export function createMetrics() {
  const registry = createRegistry();
  const events = counter("suda_events_total", "Events brought to the members here");
  const messages = counter("suda_messages_total", "Messages acknowledged here");
  const refusals = counter("suda_refusals_total", "Refused frames", "code");
  const slow = counter("suda_slow_readers_total", "Sockets cut since they fell behind");
  const lost = counter("suda_lost_logs_total", "Rooms whose members were told to start over");
  const restores = counter("suda_restores_total", "Rooms started in a fresh epoch");
  const gone = counter(
    "suda_lost_events_total",
    "Events that were lost with Redis' data, as far as they can be counted",
  );
  const internal = counter(
    "suda_internal_errors_total",
    "Faults of this program, each of which failed one request, frame or task",
    "where",
  );
  const accept = acceptHistogram();
  const pages = counter("suda_client_errors_total", "Faults of pages, as pages tell them", "where");
  return {
    registry,
    /** Collects these values from now on. */
    watch: ({ connections, rooms, roomsSetAside, readsWaiting }: Gauges): void => {
      gauge("suda_connections", "Sockets open on this gateway", connections);
      gauge("suda_rooms", "Rooms in memory", rooms);
      gauge(
        "suda_rooms_set_aside",
        "Rooms whose log in Redis cannot be read: nobody is let in until it can",
        roomsSetAside,
      );
      gauge("suda_reads_waiting", "Reads of older pages that wait for their turn", readsWaiting);
    },
    events: (count: number) => events.inc(count),
    message: () => messages.inc(),
    accepted: (step: Step, seconds: number) => accept[step].observe(seconds),
    refused: (code: FrameCode) => refusals.inc({ code }),
    internalError: (where: Place) => internal.inc({ where }),
    clientError: (where: ClientErrorBody["where"]) => pages.inc({ where }),
    slowReader: () => slow.inc(),
    restored: (lostEvents: number) => {
      restores.inc();
      gone.inc(lostEvents);
    },
    lostLog: () => lost.inc(),
  };

  function counter<Label extends string>(name: string, help: string, ...labelNames: Label[]) {
    return new Counter({ name, help, labelNames, registers: [registry] });
  }

  /** @returns a histogram for each step, because looking it up by its label costs more than the observation. */
  function acceptHistogram() {
    const all = new Histogram({
      name: "suda_accept_seconds",
      help: "Time from the arrival of a message to each step, of one message in sixteen",
      labelNames: ["step"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers: [registry],
    });
    const of = (step: Step) => all.labels({ step });
    return { admitted: of("admitted"), appended: of("appended"), heard: of("heard"), written: of("written") };
  }

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}
