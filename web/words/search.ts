/** Sentences about the search in a room. */
export type SearchWords = {
  title: string;
  /** In the empty field. */
  placeholder: string;
  hint: string;
  short: string;
  searching: string;
  found: (count: number, more: boolean) => string;
  nothing: string;
  /** Older messages are left, but not searched yet. */
  nothingYet: string;
  more: string;
  busy: string;
  failed: string;
};
