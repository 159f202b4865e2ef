import { writingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { ArchivedNote } from "./archived-note.tsx";
import { ComposerHint } from "./composer-hint.tsx";
import { Door } from "./door.tsx";
import { WritingField } from "./writing-field.tsx";

/** The form to write messages. A guest gets the way in above it, and sends once there is an account. */
export function Composer() {
  const { chat, connection, session, composer, restriction } = useApp();
  const words = useWords();
  // Nobody can write in a missing room. The message list shows the way out.
  if (chat.room.value.state.value === "missing") return null;
  if (chat.room.value.state.value === "archived") return <ArchivedNote />;
  const isGuest = session.state.value.at === "guest";
  // Nobody can log in at an address that is not allowed. The message list says so.
  if (isGuest && connection.status.value === "refused") return null;
  const problem = composer.problem.value;
  return (
    <div class={isGuest ? "composer guest" : "composer"}>
      {isGuest && <Door />}
      <Slot part="ReplyLine" with={{}} />
      <Slot part="Completions" with={{}} />
      {/* After a log-out by the cluster, a draft waits for its author. */}
      {!session.loggedOut.value && (
        <>
          <WritingField />
          <ComposerHint composer={composer} restriction={restriction.value} />
        </>
      )}
      <span class="hidden" role="status">
        {problem ? writingSentence(words, problem, composer.excess.value) : ""}
      </span>
    </div>
  );
}
