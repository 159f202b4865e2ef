import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { SearchForm } from "./search-form.tsx";

/** The search beside the conversation, on a wide screen. */
export function SearchPanel() {
  const { jumps, searchPlace } = useOnDemand();
  const { chat } = useApp();
  const words = useDialogWords();

  function close() {
    searchPlace.close();
    document.querySelector<HTMLElement>(".search-open")?.focus();
  }

  return (
    <aside
      class="panel"
      aria-label={words.search.title}
      data-screen="search-panel"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <header class="panel-head">
        <h2>{words.search.title}</h2>
        <button class="icon-button" type="button" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <SearchForm go={(seq) => jumps.to(chat.room.peek().name, seq)} close={close} />
    </aside>
  );
}

/** The same as a sheet, where there is no room beside the conversation. */
export function SearchDialog() {
  const { chat, dialogs } = useApp();
  const { jumps } = useOnDemand();
  const words = useDialogWords();
  return (
    <Dialog at="search" look="sheet" title={words.search.title}>
      <SearchForm
        close={() => dialogs.close()}
        go={(seq) => {
          dialogs.close();
          jumps.to(chat.room.peek().name, seq);
        }}
      />
    </Dialog>
  );
}
