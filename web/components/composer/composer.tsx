import { writingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { ArchivedNote } from "./archived-note.tsx";
import { ComposerHint } from "./composer-hint.tsx";
import { Door } from "./door.tsx";
import { WritingField } from "./writing-field.tsx";

/** The form to write messages. A guest gets the way in instead. */
export function Composer() {
  const { chat, session, composer, restriction } = useApp();
  const words = useWords();
  // Nobody can write in a missing room. The message list shows the way out.
  if (chat.room.value.state.value === "missing") return null;
  if (chat.room.value.state.value === "archived") return <ArchivedNote />;
  if (session.state.value.at === "guest") return <Door />;
  const problem = composer.problem.value;
  return (
    <div class="composer">
      <Slot part="ReplyLine" with={{}} />
      <Slot part="MentionChoices" with={{}} />
      <WritingField />
      <ComposerHint composer={composer} restriction={restriction.value} />
      <span class="hidden" role="status">
        {problem ? writingSentence(words, problem, composer.excess.value) : ""}
      </span>
    </div>
  );
}
