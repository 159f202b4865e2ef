/** The invitation by whose link this page was opened. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { InvitationAnswer, Room } from "../../shared/http-api.ts";
import type { Answer, ApiProblem } from "../sync/api.ts";
import type { CircleApi } from "./circle-api.ts";
import type { Dialogs } from "./dialogs.ts";
import type { Route } from "./route.ts";
import type { Session } from "./session.ts";

type InvitationDeps = {
  api: Pick<CircleApi, "invitation" | "accept">;
  session: Pick<Session, "user" | "state">;
  route: Pick<Route, "invitation">;
  dialogs: Dialogs;
  /** Goes to the room of an answer. */
  enter: (asked: Promise<Answer<{ room: Room }>>) => Promise<ApiProblem | undefined>;
};

export function createInvitation({ api, session, route, dialogs, enter }: InvitationDeps) {
  const found = signal<InvitationAnswer | ApiProblem["code"] | undefined>(undefined);
  let token = route.invitation;
  /** A guest pressed the button to join, and signs up first. */
  let wantsIn = false;

  // Shown to a guest, and again once the guest has signed up or logged in.
  if (token !== undefined)
    effect(() => {
      if (session.state.value.at !== "unknown") untracked(() => void look());
    });

  return {
    /** The room behind the link, or why there is none; undefined while it is asked for. */
    found: computed(() => found.value),
    accept,
    /** For a guest: the room opens as soon as there is an account. */
    signUpToJoin(open: () => void) {
      wantsIn = true;
      open();
    },
  };

  async function accept(): Promise<void> {
    if (token === undefined) return;
    const problem = await enter(api.accept(token));
    if (problem) {
      found.value = problem.code;
      dialogs.show({ at: "invitation" });
      return;
    }
    token = undefined;
    dialogs.close("invitation");
  }

  async function look(): Promise<void> {
    if (token === undefined) return;
    if (wantsIn && session.user.value) return accept();
    dialogs.show({ at: "invitation" });
    const answer = await api.invitation(token);
    found.value = answer.ok ? answer.value : answer.problem.code;
  }
}
