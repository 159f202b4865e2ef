/** Private rooms and direct lines: their members, and invitations to them by name and by link. */
import { computed, signal } from "@preact/signals";
import type { MembersAnswer, NewInvitationAnswer, Room, RoomRole } from "../../shared/http-api.ts";
import { LOBBY } from "../../shared/limits.ts";
import type { Answer, Api, ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { createCircleApi } from "./circle-api.ts";
import type { Dialogs } from "./dialogs.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";
import { createInvitation } from "./invitation.ts";
import type { RoomList } from "./room-list.ts";
import type { Route } from "./route.ts";
import type { Session } from "./session.ts";
import type { Toasts } from "./toasts.ts";

export type CirclesDeps = {
  api: Pick<Api, "asUser">;
  clock: Clock;
  session: Pick<Session, "user" | "state">;
  rooms: Pick<RoomList, "gained" | "refreshOwn">;
  route: Pick<Route, "go" | "invitation">;
  dialogs: Dialogs;
  notify: Toasts["show"];
};
/** A link and its room, as the members dialog shows it. */
type Link = NewInvitationAnswer & { room: string };

export function createCircles(deps: CirclesDeps) {
  const { clock, session, rooms, route, dialogs, notify } = deps;
  const api = createCircleApi(deps.api);
  const shown = signal<(MembersAnswer & { room: string }) | undefined>(undefined);
  const failed = signal(false);
  const link = signal<Link | undefined>(undefined);
  /** The nickname of the person who was added last. */
  const added = signal<string | undefined>(undefined);
  const invitation = createInvitation({ ...deps, api, enter });

  return {
    members: computed(() => shown.value),
    failed: computed(() => failed.value),
    link: computed(() => link.value),
    added: computed(() => added.value),
    invitation,
    load,
    clear,
    newRoom: createForm<{ title: string }>({
      clock,
      check: checkFields,
      places: {},
      send: ({ title }) => enter(api.create(title)),
    }),
    /** Goes to the direct line with a person. */
    async openLine(user: string): Promise<void> {
      dialogs.close();
      tell(await enter(api.openLine(user)));
    },
    invite: createForm<{ nickname: string }>({
      clock,
      check: ({ nickname }) => (nickname.trim() === "" ? { nickname: "missing" } : {}),
      places: {},
      send: ({ nickname }) => invite(nickname),
    }),
    setRole: (user: string, role: RoomRole) => act((room) => api.put(room, user, role)),
    takeOut: (user: string) => act((room) => api.takeOut(room, user)),
    async leave(room: string): Promise<void> {
      const me = session.user.value?.id ?? "";
      await leaveBy(() => api.takeOut(room, me));
    },
    remove: (room: string) => leaveBy(() => api.remove(room)),
    async makeLink(room: string): Promise<void> {
      const answer = await api.invite(room);
      if (answer.ok) link.value = { ...answer.value, room };
      else tell(answer.problem);
    },
    async endLinks(room: string): Promise<void> {
      const answer = await api.endLinks(room);
      if (answer.ok) link.value = undefined;
      tell(answer.ok ? undefined : answer.problem);
      if (answer.ok) notify({ about: "done" });
    },
  };

  function clear() {
    shown.value = undefined;
    failed.value = false;
    link.value = undefined;
    added.value = undefined;
  }

  async function load(room: string): Promise<void> {
    const answer = await api.members(room);
    failed.value = !answer.ok;
    if (answer.ok) shown.value = { ...answer.value, room };
  }

  async function invite(nickname: string): Promise<ApiProblem | undefined> {
    const room = shown.value?.room;
    added.value = undefined;
    const found = await api.findUser(nickname);
    if (!found.ok || room === undefined) return found.ok ? undefined : found.problem;
    const answer = await api.put(room, found.value.user.id);
    if (!answer.ok) return answer.problem;
    added.value = found.value.user.nickname;
    await load(room);
    return undefined;
  }

  async function act(work: (room: string) => Promise<Answer<undefined>>): Promise<void> {
    const room = shown.value?.room;
    if (room === undefined) return;
    const answer = await work(room);
    tell(answer.ok ? undefined : answer.problem);
    await load(room);
  }

  async function leaveBy(work: () => Promise<Answer<undefined>>): Promise<void> {
    const answer = await work();
    if (!answer.ok) return tell(answer.problem);
    dialogs.close("members");
    route.go(LOBBY);
    await rooms.refreshOwn();
  }

  /** Goes to the room of an answer. @returns the problem, or undefined when it worked. */
  async function enter(asked: Promise<Answer<{ room: Room }>>): Promise<ApiProblem | undefined> {
    const answer = await asked;
    if (!answer.ok) return answer.problem;
    const { room } = answer.value;
    rooms.gained(room);
    await rooms.refreshOwn();
    route.go(room.name);
    return undefined;
  }

  function tell(problem: ApiProblem | undefined) {
    if (problem) notify({ about: "problem", code: problem.code });
  }
}
