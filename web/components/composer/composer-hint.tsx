import type { App } from "../../state/app.ts";
import { restrictedSentence, writingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";

/** The share of the longest text from which on characters are counted in view. */
const COUNTED_FROM = 2 / 3;

type Props = { composer: App["composer"]; restriction: App["restriction"]["value"] };

/** The line below the field: the reason why sending is not possible, or the number of characters. */
export function ComposerHint({ composer, restriction }: Props) {
  const { connection, language } = useApp();
  const words = useWords();
  const used = composer.used.value;
  const max = composer.max.value;
  const status = connection.status.value;
  const problem = composer.problem.value;
  const isCutOff = status !== "live" && status !== "behind";
  return (
    <div class="composer-hint" id="composer-hint">
      <span class={restriction || problem ? "wrong" : ""}>
        {restriction
          ? restrictedSentence(words, restriction, language.dates.value)
          : problem
            ? writingSentence(words, problem, composer.excess.value)
            : isCutOff && used > 0 && words.waitForConnection}
      </span>
      {used >= max * COUNTED_FROM && (
        <span class={used > max ? "count wrong" : "count"} translate={false}>
          <span aria-hidden="true">
            {used}/{max}
          </span>
          <span class="hidden">{words.characters(used, max)}</span>
        </span>
      )}
    </div>
  );
}
