import { useEffect, useId, useRef } from "preact/hooks";
import { QUERY_CHARS } from "../../../shared/limits.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { SearchHits } from "./search-hits.tsx";

type Props = { go: (seq: number) => void; close: () => void };

/** The field and what was found. Enter goes to the newest hit, the arrow keys to the others, and Escape away. */
export function SearchForm({ go, close }: Props) {
  const { search, searchPlace } = useOnDemand();
  const { search: said } = useDialogWords();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const wanted = searchPlace.wanted.value;
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [wanted]);

  function visit(seq: number) {
    search.visited.value = seq;
    go(seq);
  }

  function pressed(event: KeyboardEvent) {
    // While a syllable is composed, the keys belong to the input method.
    if (event.isComposing) return;
    const [newest] = search.hits.value;
    if (event.key === "Enter" && newest) visit(newest.event.seq);
    if (event.key !== "ArrowDown" && event.key !== "Escape") return;
    // Otherwise the browser empties the field.
    event.preventDefault();
    if (event.key === "Escape") close();
    else document.getElementById(id)?.querySelector("button")?.focus();
  }

  return (
    <search class="search">
      <input
        ref={field}
        class="input"
        type="search"
        aria-label={said.title}
        aria-controls={id}
        placeholder={said.placeholder}
        autocomplete="off"
        enterkeyhint="search"
        value={search.typed.value}
        maxLength={QUERY_CHARS}
        onInput={({ currentTarget }) => search.setQuery(currentTarget.value)}
        onKeyDown={pressed}
      />
      <Progress />
      <SearchHits id={id} visit={visit} />
    </search>
  );
}

/** How the search goes, in one line. */
function Progress() {
  const { search } = useOnDemand();
  const words = useDialogWords();
  const { search: said } = words;
  const { value: at } = search.progress;
  const count = search.hits.value.length;
  return (
    <div class="search-progress">
      <p class="hint" role="status">
        {sentence()}
      </p>
      {at === "failed" && (
        <button class="link" type="button" onClick={search.retry}>
          {words.retryNow}
        </button>
      )}
    </div>
  );

  function sentence(): string {
    if (at === "idle") return said.hint;
    if (at === "short" || at === "busy" || at === "failed") return said[at];
    if (count > 0) return said.found(count, search.more.value);
    if (at === "searching") return said.searching;
    return search.more.value ? said.nothingYet : said.nothing;
  }
}
