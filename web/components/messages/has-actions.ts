/** Whether a row offers actions. */
import type { MessageRow } from "../../state/timeline.ts";
import type { Author } from "../../sync/replica.ts";

export const hasActions = (row: MessageRow, me: (Author & { role: string }) | undefined): boolean =>
  row.text !== undefined && (canCopy() || me !== undefined);

/** Without TLS only pages on the own machine have a clipboard. */
export const canCopy = (): boolean => navigator.clipboard !== undefined;
