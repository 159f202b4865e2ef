import { useApp, useWords } from "../app-context.ts";

/** The way in, for guests: in a sentence how many are here and how to join, or the reason why the session ended. */
export function Door() {
  const { chat, session, openAuth, openSignUp, composer, dialogs } = useApp();
  const words = useWords();
  if (session.loggedOut.value) {
    // While the log-in dialog is open, it shows the reason.
    const why = dialogs.open.value?.at === "auth" ? undefined : session.loggedOut.value;
    return (
      <div class="way-in">
        <p role="status">
          {why && words.loggedOut[why]}
          {why && composer.draftWaits.value && ` ${words.draftKept}`}
        </p>
        <button class="button primary log-in" type="button" onClick={openAuth}>
          {words.logIn}
        </button>
      </div>
    );
  }
  const { people } = chat.room.value.counts.value;
  return (
    <div class="way-in">
      <p>
        {people > 0 && `${words.hereNow(people)} `}
        {words.mayJoin}
      </p>
      <div class="door">
        <button class="button primary" type="button" onClick={openSignUp}>
          {words.start}
        </button>
        <button class="link log-in" type="button" onClick={openAuth}>
          {words.logIn}
        </button>
      </div>
    </div>
  );
}
