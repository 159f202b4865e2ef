import { useApp } from "../app-context.ts";

type Wanted = {
  /** The picker stands beside it on a desktop. The focus returns to it. */
  anchor: Element;
  /** Gets the emoji in its full form, with the person's tone of skin. */
  onPick: (emoji: string) => void;
};

/** The picker of emoji: one for the whole page, whose script is fetched when it is opened first. */
export function useEmojiPicker() {
  const { dialogs } = useApp();
  return {
    open({ anchor, onPick }: Wanted) {
      const { left, top, bottom } = anchor.getBoundingClientRect();
      dialogs.show({ at: "emoji", near: { left, top, bottom }, onPick });
    },
  };
}
