import type { ComponentChildren, Key } from "preact";
import { useEffect } from "preact/hooks";
import type { Listing } from "../../state/listing.ts";
import { useWords } from "../app-context.ts";

type Props<Item> = {
  listing: Listing<Item>;
  keyOf: (item: Item) => Key;
  /** Said when there is nothing in it. */
  empty?: string;
  children: (item: Item) => ComponentChildren;
};

/** A list that the server keeps, asked for when it comes into view. */
export function Listed<Item>({ listing, keyOf, empty, children }: Props<Item>) {
  const words = useWords();
  const items = listing.items.value;
  useEffect(() => void listing.load(), []);
  if (listing.failed.value) {
    return (
      <p class="hint">
        {words.account.listFailed}{" "}
        <button class="link" type="button" onClick={() => void listing.load()}>
          {words.retryNow}
        </button>
      </p>
    );
  }
  if (items === undefined) return <p class="hint">{words.account.loading}</p>;
  if (items.length === 0) return <p class="hint">{empty ?? words.account.nothing}</p>;
  return (
    <ul class="listed">
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}
