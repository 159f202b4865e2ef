import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { MoreIcon } from "../ui/more-icons.tsx";

/** Opens the search of the room on screen, and closes it where it stands beside the conversation. */
export function SearchButton() {
  const { searchPlace } = useOnDemand();
  const { title } = useDialogWords().search;
  const isWide = searchPlace.isWide();
  const isOpen = searchPlace.isOpen.value;
  return (
    <button
      class="icon-button search-open"
      type="button"
      aria-label={title}
      title={title}
      aria-expanded={isWide ? isOpen : undefined}
      aria-haspopup={isWide ? undefined : "dialog"}
      onClick={() => (isWide && isOpen ? searchPlace.close() : searchPlace.open())}
    >
      <MoreIcon name="search" />
    </button>
  );
}
