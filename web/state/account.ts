/** The user's own account: nickname and password, sessions, connections, and closing it. */
import type { ChangePasswordBody } from "../../shared/http-api.ts";
import type { Api, ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";
import { answered, createRemoteList } from "./remote-list.ts";
import type { Session } from "./session.ts";
import type { Notification } from "./toasts.ts";

export type AccountDeps = {
  clock: Clock;
  api: Pick<
    Api,
    "rename" | "changePassword" | "sessions" | "endSession" | "endOtherSessions" | "connections"
  >;
  session: Pick<Session, "updateProfile" | "closeAccount">;
  notify(notification: Notification): void;
};

export function createAccount({ clock, api, session, notify }: AccountDeps) {
  const sessions = createRemoteList(() => answered(api.sessions(), (answer) => answer.sessions));
  const connections = createRemoteList(() => answered(api.connections(), (answer) => answer.connections));

  return {
    sessions,
    connections,
    endSession,
    endOtherSessions,
    rename: createForm<{ nickname: string }>({
      clock,
      check: checkFields,
      places: { nickname_taken: "nickname" },
      async send({ nickname }) {
        const answer = await api.rename(nickname);
        if (!answer.ok) return answer.problem;
        session.updateProfile(answer.value.user);
        notify({ about: "saved" });
        return undefined;
      },
    }),
    changePassword: createForm<ChangePasswordBody>({
      clock,
      check: (values) => checkFields(values, ["current"]),
      places: { bad_credentials: "current" },
      async send(values) {
        const answer = await api.changePassword(values);
        if (!answer.ok) return answer.problem;
        sessions.clear();
        notify({ about: "password-changed" });
        return undefined;
      },
    }),
    close: createForm<{ password: string }>({
      clock,
      check: (values) => checkFields(values, ["password"]),
      places: { bad_credentials: "password" },
      send: ({ password }) => session.closeAccount(password),
    }),
    /** Call when the user of the page changes. */
    clear() {
      sessions.clear();
      connections.clear();
    },
  };

  async function endSession(id: string): Promise<void> {
    const answer = await api.endSession(id);
    // A session that is already gone counts as ended.
    if (reported(answer.ok || answer.problem.code === "not_found" ? undefined : answer.problem)) return;
    sessions.keep((each) => each.id !== id);
  }

  async function endOtherSessions(): Promise<void> {
    const answer = await api.endOtherSessions();
    if (reported(answer.ok ? undefined : answer.problem)) return;
    sessions.keep((each) => each.current);
    notify({ about: "done" });
  }

  function reported(problem: ApiProblem | undefined): boolean {
    if (problem) notify({ about: "problem", code: problem.code });
    return problem !== undefined;
  }
}
