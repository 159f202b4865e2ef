import { useEffect, useState } from "preact/hooks";
import type { EmojiPick } from "../../state/dialogs.ts";
import { type EmojiRow, loadEmoji } from "../../sync/emoji.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { EmojiPicker } from "./emoji-picker.tsx";

/** The picker, beside the place that it was opened at, or as a sheet on a phone. The list of emoji comes when it is opened. */
export function EmojiDialog({ pick: { near, onPick } }: { pick: EmojiPick }) {
  const { dialogs } = useApp();
  const { emoji } = useOnDemand();
  const words = useDialogWords().emoji;
  const [found, setFound] = useState<readonly EmojiRow[] | "failed" | undefined>(undefined);

  useEffect(() => {
    loadEmoji().then(setFound, () => setFound("failed"));
  }, []);

  function picked(chosen: string) {
    emoji.picked(chosen);
    dialogs.close("emoji");
    onPick(chosen);
  }

  return (
    <Dialog at="emoji" title={words.title} look="card" near={near}>
      <div class="emoji-picker">
        {found === undefined && <p>{words.loading}</p>}
        {found === "failed" && <p role="alert">{words.failed}</p>}
        {typeof found === "object" && <EmojiPicker rows={found} picked={picked} />}
      </div>
    </Dialog>
  );
}
