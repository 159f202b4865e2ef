/** The status of the connection as it is shown, and the time until the next try. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";
import type { ConnectionStatus, SocketState } from "../sync/reconnecting-socket.ts";
import { createCountdown } from "./countdown.ts";

/** @param behind whether the room on screen is known to lag behind its log. */
export function createConnectionState(clock: Clock, behind: ReadonlySignal<boolean>) {
  const socket = signal<SocketState>({ at: "idle" });
  const roundTripMs = signal<number | undefined>(undefined);
  const countdown = createCountdown(clock);

  const status = computed<ConnectionStatus>(() => {
    const { at } = socket.value;
    if (at === "live") return behind.value ? "behind" : "live";
    return at === "idle" ? "connecting" : at;
  });

  return {
    status,
    socket: computed(() => socket.value),
    roundTripMs: computed(() => roundTripMs.value),
    secondsLeft: countdown.secondsLeft,
    changed(next: SocketState) {
      socket.value = next;
      countdown.countTo("until" in next ? next.until : undefined);
      if (next.at !== "live") roundTripMs.value = undefined;
    },
    answered(ms: number) {
      roundTripMs.value = ms;
    },
  };
}
