/** A list of rooms with the server played by a test. */
import { computed, signal } from "@preact/signals";
import type { ListedRoom, Room } from "../../shared/http-api.ts";
import type { Answer, ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { GUEST } from "../sync/storage.ts";
import { openFakePage } from "./kept.fake.ts";
import { createKept } from "./kept.ts";
import { createRoomList } from "./room-list.ts";

const PAGE = 30;

/** @param problem the answer to every request. */
export function createFakeRooms(problem?: ApiProblem, clock = createFakeClock()) {
  const server = {
    rooms: [] as ListedRoom[],
    own: [] as { name: string; made: boolean }[],
    asked: [] as unknown[][],
  };
  const user = signal<string | undefined>("me");
  const answer = <T>(value: T): Answer<T> => (problem ? { ok: false, problem } : { ok: true, value });
  const ask =
    (name: string) =>
    async (...given: unknown[]): Promise<Answer<undefined>> => {
      server.asked.push([name, ...given]);
      return answer(undefined);
    };
  const owner = computed(() => user.value ?? GUEST);
  const page = openFakePage();
  const kept = createKept(page.store, owner);
  const room = (name: string): Room => ({ name, title: name, slowModeMs: 0 });
  const rooms = createRoomList({
    clock,
    kept,
    user,
    api: {
      async rooms(page) {
        server.asked.push(["rooms", page]);
        const all = server.rooms.filter(({ title }) => title.includes(page.query ?? ""));
        const from = page.after ? Number(page.after) : 0;
        const more = all.length > from + PAGE;
        const next = more ? { next: String(from + PAGE) } : {};
        return answer({ rooms: all.slice(from, from + PAGE), more, ...next });
      },
      async room(name) {
        server.asked.push(["room", name]);
        return answer({ room: { ...room(name), title: `title of ${name}` } });
      },
      ownRooms: async () =>
        answer({ rooms: server.own.map((own) => ({ ...room(own.name), ...own, people: 1 })) }),
      visitRoom: ask("visit"),
      leaveRoom: ask("leave"),
      closeRoom: ask("close"),
      reopenRoom: ask("reopen"),
      createRoom: async ({ name, title }) => answer({ room: { ...room(name), title } }),
      changeRoom: async (name, body) => {
        server.asked.push(["changeRoom", name, body]);
        return answer({ room: { ...room(name), slowModeMs: body.slowModeMs ?? 0 } });
      },
    },
  });
  return { clock, server, store: page.store, user, rooms };
}
