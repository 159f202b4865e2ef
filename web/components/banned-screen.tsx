import { useApp, useWords } from "./app-context.ts";

/** In place of the conversation: the account is banned, and what can be done now. */
export function BannedScreen() {
  const { session, openAuth } = useApp();
  const { account } = useWords();
  return (
    <div class="banned" role="alert">
      <h2>{account.bannedTitle}</h2>
      <p>{account.banned}</p>
      <button class="button primary" type="button" onClick={session.noted}>
        {account.readAsGuest}
      </button>
      <button
        class="button quiet"
        type="button"
        onClick={() => {
          session.noted();
          openAuth();
        }}
      >
        {account.otherAccount}
      </button>
    </div>
  );
}
