/** Words about the picker of emoji. */
export type EmojiWords = {
  title: string;
  search: string;
  loading: string;
  failed: string;
  none: string;
  recent: string;
  /** The list of recent ones without any. */
  noRecent: string;
  /** Groups in the order of Unicode; the third has only parts and is never shown. */
  groups: readonly string[];
  tone: string;
  /** Without a tone, then from light to dark. */
  tones: readonly string[];
  found: (count: number) => string;
  /** The list of those with a shortcode that begins as the typed one. */
  choose: string;
  /** For screen readers. `count`: of emoji to choose from. */
  chosen: (name: string, count: number) => string;
};
