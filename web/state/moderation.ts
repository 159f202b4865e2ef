/** Actions of moderators and admins on people and rooms, and the reports of everybody else. */
import type { ReadonlySignal } from "@preact/signals";
import type { ClosedHistory } from "../../shared/http-api.ts";
import type { Role } from "../../shared/server-frames.ts";
import type { Answer, Api, ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import type { Dialogs, OpenDialog } from "./dialogs.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";
import { createPersonState } from "./person-state.ts";
import type { RoomList } from "./room-list.ts";
import type { Notification } from "./toasts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The durations of mutes and bans that can be chosen. */
export const TERMS_MS = [10 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS] as const;
/** The value of a form for a ban without an end. */
export const FOR_GOOD = "for-good";
export const SLOW_MODES_MS = [0, 5_000, 15_000, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS] as const;

export type ModerationDeps = {
  clock: Clock;
  serverNow(): number;
  api: Pick<Api, "mute" | "liftMute" | "ban" | "liftBan" | "person" | "setRole" | "reportMessage">;
  /** The room on screen. */
  here: ReadonlySignal<string>;
  rooms: Pick<RoomList, "change" | "close" | "reopen">;
  dialogs: Dialogs;
  notify(notification: Notification): void;
};

export function createModeration(deps: ModerationDeps) {
  const { clock, api, dialogs } = deps;

  return {
    report: createForm<{ reason: string }>({
      clock,
      check: checkFields,
      send: ({ reason }) =>
        about("report", "reported", ({ room, seq }) => api.reportMessage(room, seq, reason)),
    }),
    restrict: createForm<{ act: string; term: string; reason: string; remove: string }>({
      clock,
      check: ({ reason }) => checkFields({ reason }),
      send: ({ act, term, reason, remove }) =>
        about("person", "done", ({ user }) => {
          const untilMs = term === FOR_GOOD ? null : deps.serverNow() + Number(term);
          const removal = remove === "" ? {} : { removeMessages: true, room: deps.here.value };
          if (act === "ban") return api.ban(user.id, { untilMs, reason, ...removal });
          // A mute always ends. Only a ban can be for good.
          const endMs = untilMs ?? deps.serverNow() + Math.max(...TERMS_MS);
          return api.mute(user.id, { untilMs: endMs, reason, ...removal });
        }),
    }),
    liftMute: () => act("person", ({ user }) => api.liftMute(user.id)),
    liftBan: () => act("person", ({ user }) => api.liftBan(user.id)),
    person: createPersonState(api),
    giveRole: (role: Role) => act("person", ({ user }) => api.setRole(user.id, role)),
    changeRoom: createForm<{ title: string; slowModeMs: string }>({
      clock,
      check: ({ title }) => checkFields({ title }),
      send: ({ title, slowModeMs }) =>
        about("room-settings", "saved", ({ room }) =>
          deps.rooms.change(room, { title, slowModeMs: Number(slowModeMs) }),
        ),
    }),
    closeRoom: createForm<{ history: string; name?: string }>({
      clock,
      check: ({ name, history }) =>
        history === "deleted" && name?.trim() !== openAt("close-room")?.room ? { name: "not_allowed" } : {},
      send: ({ history }) =>
        about("close-room", "done", ({ room }) => deps.rooms.close(room, history as ClosedHistory)),
    }),
    reopenRoom,
  };

  async function reopenRoom(room: string): Promise<void> {
    const answer = await deps.rooms.reopen(room);
    deps.notify(answer.ok ? { about: "done" } : { about: "problem", code: answer.problem.code });
  }

  function openAt<At extends OpenDialog["at"]>(at: At): Extract<OpenDialog, { at: At }> | undefined {
    const dialog = dialogs.open.value;
    return dialog && isAt(dialog, at) ? dialog : undefined;
  }

  /** Performs the act of the open dialog, and closes the dialog on success. */
  async function about<At extends OpenDialog["at"]>(
    at: At,
    done: "reported" | "done" | "saved",
    ask: (dialog: Extract<OpenDialog, { at: At }>) => Promise<Answer<unknown>>,
  ): Promise<ApiProblem | undefined> {
    const dialog = openAt(at);
    if (!dialog) return undefined;
    const answer = await ask(dialog);
    if (!answer.ok) return answer.problem;
    dialogs.close(at);
    deps.notify({ about: done });
    return undefined;
  }

  /** The same for a button outside a form: a problem is shown as a notification. */
  async function act<At extends OpenDialog["at"]>(
    at: At,
    ask: (dialog: Extract<OpenDialog, { at: At }>) => Promise<Answer<unknown>>,
  ): Promise<void> {
    const problem = await about(at, "done", ask);
    if (problem) deps.notify({ about: "problem", code: problem.code });
  }
}

const isAt = <At extends OpenDialog["at"]>(
  dialog: OpenDialog,
  at: At,
): dialog is Extract<OpenDialog, { at: At }> => dialog.at === at;
