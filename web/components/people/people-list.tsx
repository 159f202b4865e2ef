import { useEffect, useId } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { Avatar } from "../ui/avatar.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

const moveAmong = arrowKeys();

/** The people in the room on screen by name, and the guests as a number. Follows them for as long as it is there. */
export function PeopleList() {
  const { people } = useOnDemand();
  const words = useDialogWords();
  const { peopleHere: said } = words;
  const id = useId();
  const listed = people.listed.value;
  useEffect(people.watch, []);
  const isFiltered = people.filter.value !== "";
  return (
    <div class="people">
      <input
        class="input"
        type="search"
        aria-label={said.filter}
        aria-controls={id}
        placeholder={said.filter}
        value={people.filter.value}
        maxLength={60}
        onInput={({ currentTarget }) => people.setFilter(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || event.isComposing) return;
          event.preventDefault();
          document.getElementById(id)?.querySelector("button")?.focus();
        }}
      />
      <p class="hidden" role="status">
        {isFiltered && listed && said.found(listed.length)}
      </p>
      {people.failed.value && (
        <p class="hint">
          {words.account.listFailed}{" "}
          <button class="link" type="button" onClick={() => void people.load()}>
            {words.retryNow}
          </button>
        </p>
      )}
      {listed === undefined && !people.failed.value && <p class="hint">{words.account.loading}</p>}
      <Names id={id} />
      {isFiltered && listed?.length === 0 && <p class="hint">{said.nobodyFound}</p>}
      <p class="hint people-rest">
        {[
          people.unnamed.value > 0 && said.unnamed(people.unnamed.value),
          people.guests.value > 0 && said.guests(people.guests.value),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </div>
  );
}

/** One stop of the Tab key, from which the arrow keys go on. */
function Names({ id }: { id: string }) {
  const { dialogs, ignored, session } = useApp();
  const { people } = useOnDemand();
  const words = useDialogWords();
  const me = session.user.value?.id;
  return (
    <ul class="people-names" id={id} onKeyDown={moveAmong}>
      {people.listed.value?.map((user, index) => (
        <li key={user.id}>
          <button
            class="person"
            type="button"
            tabIndex={index === 0 ? 0 : -1}
            aria-haspopup="dialog"
            onClick={({ currentTarget }) => {
              const { left, top, bottom } = currentTarget.getBoundingClientRect();
              dialogs.show({ at: "card", user, role: user.role, near: { left, top, bottom } });
            }}
          >
            <Avatar user={user} />
            <bdi class="person-name" translate={false}>
              {user.nickname}
            </bdi>
            <RoleBadge role={user.role} />
            {user.id === me && <span class="person-note">{words.you}</span>}
            {ignored.has(user.id) && <span class="person-note">{words.peopleHere.ignored}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
