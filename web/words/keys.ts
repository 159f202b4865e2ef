/** Sentences about the keys of the page. */
import type { KeyId, Place } from "../sync/key-table.ts";

export type KeysWords = {
  places: Record<Place, string>;
  lines: Record<KeyId, string>;
  /** In the field of the dialog that goes to a room or a person. */
  where: string;
  nothingFound: string;
};
