import type { Ban } from "../../../shared/server-frames.ts";
import { takeFocus } from "../../page/keep-focus.ts";
import { useApp, useWords } from "../app-context.ts";
import { BanDetails } from "../ui/ban-details.tsx";

/** Replaces the conversation while the account is banned: reason, end, and the ways to go on. */
export function BannedScreen({ ban }: { ban: Ban | undefined }) {
  const { session, openAuth } = useApp();
  const { account, duration } = useWords();
  const seconds = session.banSecondsLeft.value;
  return (
    <div
      class="banned"
      data-screen="banned"
      tabIndex={-1}
      // The focus left with the conversation, so it moves here. The next Tab reaches the buttons.
      ref={takeFocus}
    >
      <div role="alert">
        <h2>{account.bannedTitle}</h2>
        <p>{account.banned}</p>
        {ban && <BanDetails ban={ban} />}
      </div>
      {seconds !== undefined && (
        <p role="timer" class="ban-left" translate={false}>
          {account.banLeft(duration(seconds))}
        </p>
      )}
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
