import type { ComponentChildren, Key } from "preact";
import { useEffect } from "preact/hooks";
import type { RemoteListState } from "../../state/remote-list.ts";
import { useDialogWords } from "../on-demand-context.ts";

type Props<Item> = {
  list: RemoteListState<Item>;
  keyOf: (item: Item) => Key;
  /** Shown when the list is empty. */
  empty?: string;
  children: (item: Item) => ComponentChildren;
};

/** A list from the server, loaded when it is rendered. */
export function RemoteList<Item>({ list, keyOf, empty, children }: Props<Item>) {
  const words = useDialogWords();
  const items = list.items.value;
  useEffect(() => void list.load(), []);
  if (list.failed.value) {
    return (
      <p class="hint">
        {words.account.listFailed}{" "}
        <button class="link" type="button" onClick={() => void list.load()}>
          {words.retryNow}
        </button>
      </p>
    );
  }
  if (items === undefined) return <p class="hint">{words.account.loading}</p>;
  if (items.length === 0) return <p class="hint">{empty ?? words.account.nothing}</p>;
  return (
    <ul class="remote-list">
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}
