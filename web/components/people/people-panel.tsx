import { useApp } from "../app-context.ts";
import { useDialogWords } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { PeopleList } from "./people-list.tsx";

/** The people beside the conversation, on a wide screen. */
export function PeoplePanel() {
  const { panel } = useApp();
  const words = useDialogWords();
  return (
    <aside class="panel people-panel" aria-label={words.peopleHere.title} data-screen="people-panel">
      <header class="panel-head">
        <h2>{words.peopleHere.title}</h2>
        <button class="icon-button" type="button" aria-label={words.close} onClick={panel.toggle}>
          <Icon name="close" />
        </button>
      </header>
      <PeopleList />
    </aside>
  );
}

/** The same as a sheet, where there is no room beside the conversation. */
export function PeopleDialog() {
  const words = useDialogWords();
  return (
    <Dialog at="people" look="sheet" title={words.peopleHere.title}>
      <PeopleList />
    </Dialog>
  );
}
