import { typingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";

/** The people who are typing, over the lower edge of the conversation so that nothing moves. Not announced. */
export function TypingLine() {
  const app = useApp();
  const words = useWords();
  const typists = app.typists.value;
  if (typists.length === 0) return null;
  return (
    <p class="typing">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {typingSentence(
        words,
        typists.map((typist) => typist.nickname),
      )}
    </p>
  );
}
