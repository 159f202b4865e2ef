import type { App } from "../../state/app.ts";
import { restrictedSentence, writingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";

type Props = { composer: App["composer"]; restriction: App["restriction"]["value"] };

/** Below the field: why nothing can be sent now, else how many characters are used. */
export function ComposerHint({ composer, restriction }: Props) {
  const { connection } = useApp();
  const words = useWords();
  const used = composer.used.value;
  const most = composer.most.value;
  const word = connection.word.value;
  const problem = composer.problem.value;
  const isCutOff = word !== "live" && word !== "behind";
  return (
    <div class="composer-hint" id="composer-hint">
      <span class={restriction || problem ? "wrong" : ""}>
        {restriction
          ? restrictedSentence(words, restriction.reason, restriction.secondsLeft)
          : problem
            ? writingSentence(words, problem)
            : isCutOff && used > 0 && words.waitForConnection}
      </span>
      <span class={used > most ? "count wrong" : "count"} translate={false}>
        <span aria-hidden="true">
          {used}/{most}
        </span>
        <span class="hidden">{words.characters(used, most)}</span>
      </span>
    </div>
  );
}
