/** Handles any change of user on one page: the next user finds their own data, and none of the previous user's. */
import { effect, untracked } from "@preact/signals";
import type { Chat } from "./chat.ts";
import type { Dialogs } from "./dialogs.ts";
import type { Drafts } from "./drafts.ts";
import type { Kept } from "./kept.ts";
import type { Session } from "./session.ts";
import type { Toasts } from "./toasts.ts";

type Deps = {
  session: Pick<Session, "user" | "state" | "owner" | "loggedOut">;
  chat: Pick<Chat, "becomeUser">;
  kept: Kept;
  drafts: Pick<Drafts, "forget">;
  dialogs: Dialogs;
  toasts: Toasts;
  /** Forgets everything that the previous user looked at. */
  clear(): void;
};

/** Follows the session from now on. */
export function followUsers(deps: Deps) {
  const { session, chat, dialogs, toasts } = deps;
  let user = session.user.value?.id;
  let adopted = false;

  effect(() => {
    const state = session.state.value;
    untracked(() => {
      const before = user;
      user = state.at === "user" ? state.user.id : undefined;
      if (state.at !== "unknown") adoptOnce(session.owner.value);
      chat.becomeUser(user);
      if (before !== undefined && user !== before) leaveNothing();
      if (state.at === "user") dialogs.close("auth");
      if (state.at !== "guest") return;
      dialogs.close();
      if (before !== undefined && state.because === undefined) deps.drafts.forget(before);
      const isPushedOut = before !== undefined && session.loggedOut.value !== undefined;
      if (isPushedOut || state.because === "readmitted") dialogs.show({ at: "auth", tab: "logIn" });
      if (state.because === "readmitted") toasts.show({ about: "readmitted" });
    });
  });

  /** Values that an older version stored without an owner go to the first owner of this page. */
  function adoptOnce(owner: string) {
    if (!adopted) deps.kept.adopt(owner);
    adopted = true;
  }

  /** Removes from view everything that the previous user looked at, typed or was shown. */
  function leaveNothing() {
    deps.clear();
    dialogs.close();
    toasts.clear();
  }
}
