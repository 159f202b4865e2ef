/** How much of each room the person hears, as the cluster keeps it for all of their devices. */
import { effect, signal, untracked } from "@preact/signals";
import { LINE_NAME } from "../../shared/limits.ts";
import type { LevelsAnswer, RoomLevel } from "../../shared/push-api.ts";
import { watchFront } from "../page/in-front.ts";
import type { App } from "./app.ts";

export type RoomLevels = ReturnType<typeof createRoomLevels>;

const LEVELS = "/api/me/levels";
/** The choices may have changed elsewhere while the page was not looked at. */
const FRESH_MS = 10_000;

type Deps = Pick<App, "session" | "connection" | "rooms" | "toasts" | "platform">;

export function createRoomLevels({ session, connection, rooms, toasts, platform }: Deps) {
  const { api, clock, view } = platform;
  const chosen = signal<ReadonlyMap<string, RoomLevel>>(new Map());
  let askedAt = Number.NEGATIVE_INFINITY;
  /** Choices that the cluster may not have yet. */
  let changing = 0;

  effect(() => {
    const id = session.user.value?.id;
    const isLive = connection.socket.value.at === "live";
    untracked(() => id !== undefined && isLive && void look());
  });
  effect(() => {
    if (rooms.ownChanges.value > 0) untracked(() => session.user.value && void look());
  });
  watchFront(view, (now) => {
    if (now && session.user.peek() && clock.now() - askedAt > FRESH_MS) void look();
  });

  return {
    of,
    async choose(room: string, level: RoomLevel): Promise<void> {
      const before = of(room);
      put(room, level);
      changing += 1;
      const answer = await api.asUser<undefined>("PUT", `${LEVELS}/${room}`, { level });
      changing -= 1;
      if (answer.ok) return;
      if (of(room) === level) put(room, before);
      toasts.show({ about: "problem", code: answer.problem.code });
    },
    clear() {
      chosen.value = new Map();
    },
  };

  /** Without a choice: everything of a direct line, and of other rooms what speaks to the person. */
  function of(room: string): RoomLevel {
    return chosen.value.get(room) ?? (LINE_NAME.test(room) ? "all" : "mentions");
  }

  function put(room: string, level: RoomLevel) {
    chosen.value = new Map(chosen.peek()).set(room, level);
  }

  async function look(): Promise<void> {
    askedAt = clock.now();
    const whose = session.user.peek()?.id;
    const answer = await api.asUser<LevelsAnswer>("GET", LEVELS);
    if (!answer.ok || changing > 0 || session.user.peek()?.id !== whose) return;
    chosen.value = new Map(answer.value.rooms.map(({ room, level }) => [room, level]));
  }
}
