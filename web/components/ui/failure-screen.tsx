import { LOBBY } from "../../../shared/limits.ts";
import { takeFocus } from "../../page/keep-focus.ts";
import { nameOf, placesOf } from "../../page/page-faults.ts";
import { roomPath } from "../../sync/urls.ts";
import type { Words } from "../../words/words.ts";

type Props = { words: Words["failure"]; error: unknown };

/** Replaces a page that has failed. Uses neither state nor context, because either may be broken. */
export function FailureScreen({ words, error }: Props) {
  const [place] = placesOf(error);
  return (
    <main
      class="failure"
      data-screen="failure"
      tabIndex={-1}
      // The focused element is gone, so the focus comes here and the next Tab leads to the ways out.
      ref={takeFocus}
    >
      <div role="alert">
        <h1>{words.title}</h1>
        <p>{words.what}</p>
      </div>
      <div class="failure-ways">
        <button class="button primary" type="button" onClick={() => location.reload()}>
          {words.reload}
        </button>
        {/* A plain link, so that the page loads again. */}
        <a class="button quiet" href={roomPath(LOBBY)}>
          {words.toLobby}
        </a>
      </div>
      <p class="hint" translate={false}>
        {[nameOf(error), place].filter(Boolean).join(" · ")}
      </p>
    </main>
  );
}
