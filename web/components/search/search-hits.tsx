import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Mark } from "../../../shared/search-marks.ts";
import type { Hit } from "../../state/search.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { RoleBadge } from "../ui/role-badge.tsx";

/** So near to the end the next page is loaded, px. */
const NEAR_PX = 240;
const moveAmong = arrowKeys();

type Props = { id: string; visit: (seq: number) => void };

/** The messages found, the newest first: one stop of the Tab key, from which the arrow keys go on. Each is a button that leads there, so that links in it are text. */
export function SearchHits({ id, visit }: Props) {
  const { search } = useOnDemand();
  const { search: said } = useDialogWords();
  const list = useRef<HTMLDivElement>(null);
  const hits = search.hits.value;
  const stop = hits.find(({ event }) => event.seq === search.visited.value) ?? hits[0];
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div
      class="search-found"
      ref={list}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        if (scrollHeight - scrollTop - clientHeight < NEAR_PX) search.loadMore();
      }}
    >
      <ul id={id} onKeyDown={moveAmong}>
        {hits.map((hit) => (
          <li key={hit.event.seq}>
            <HitButton hit={hit} isStop={hit === stop} visit={visit} />
          </li>
        ))}
      </ul>
      {search.more.value && search.progress.value === "done" && (
        <button class="link search-more" type="button" onClick={search.loadMore}>
          {said.more}
        </button>
      )}
    </div>
  );
}

type HitProps = { hit: Hit; isStop: boolean; visit: (seq: number) => void };

function HitButton({ hit: { event, marks }, isStop, visit }: HitProps) {
  const { language } = useApp();
  const { search } = useOnDemand();
  return (
    <button
      class="found-message search-hit"
      type="button"
      tabIndex={isStop ? 0 : -1}
      aria-current={search.visited.value === event.seq || undefined}
      onClick={() => visit(event.seq)}
    >
      <span class="search-who">
        <span>
          <bdi translate={false}>{event.user.nickname}</bdi> <RoleBadge role={event.role} short />
        </span>
        <time>{language.dates.value.dayAndTime.format(event.at)}</time>
      </span>
      <span dir="auto" translate={false}>
        {marked(event.text ?? "", marks)}
      </span>
    </button>
  );
}

/** The text with the words of the search marked. */
function marked(text: string, marks: readonly Mark[]): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const [start, length] of marks) {
    parts.push(text.slice(end, start), <mark key={start}>{text.slice(start, start + length)}</mark>);
    end = start + length;
  }
  return [...parts, text.slice(end)];
}
