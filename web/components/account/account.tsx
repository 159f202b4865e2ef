import { useState } from "preact/hooks";
import { useApp, useWords } from "../app-context.ts";
import { Avatar } from "../ui/avatar.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/**
 * The user with the buttons for the account and to log out; for a guest the button to log in.
 * @param chosen called before a button opens another screen.
 */
export function Account({ chosen }: { chosen: () => void }) {
  const { session, dialogs, openAuth, toasts } = useApp();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const user = session.user.value;

  async function logOut() {
    if (busy) return;
    setBusy(true);
    const problem = await session.logOut();
    setBusy(false);
    if (problem) toasts.show({ about: "problem", code: problem.code });
    else chosen();
  }

  // Without an answer of the server, nobody here knows whether there is a session.
  if (session.state.value.at === "unknown") return null;
  if (!user) {
    return (
      <div class="account">
        <button
          class="button primary wide"
          type="button"
          onClick={() => {
            chosen();
            openAuth();
          }}
        >
          {words.logIn}
        </button>
      </div>
    );
  }
  return (
    <div class="account">
      <button
        class="account-own"
        type="button"
        title={words.account.title}
        onClick={() => {
          chosen();
          dialogs.show({ at: "account" });
        }}
      >
        <Avatar user={user} />
        <span class="account-name" translate={false}>
          <bdi>
            {user.nickname} <RoleBadge role={user.role} short />
          </bdi>
          <span class="account-email">{user.email}</span>
        </span>
        <span class="hidden">{words.account.title}</span>
      </button>
      <button class="button quiet" type="button" aria-disabled={busy} onClick={() => void logOut()}>
        {words.logOut}
      </button>
    </div>
  );
}
