import { inTone } from "../../sync/emoji-tones.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

const HAND = "✋";

/** The tone of skin for all emoji that can have one. */
export function ToneChoice() {
  const { emoji } = useOnDemand();
  const words = useDialogWords().emoji;
  const chosen = emoji.tone.value;
  return (
    <fieldset class="pick emoji-tones">
      <legend class="hidden">{words.tone}</legend>
      {words.tones.map((name, tone) => (
        <label key={name} title={name}>
          <input
            type="radio"
            name="tone"
            aria-label={name}
            checked={tone === chosen}
            onChange={() => emoji.chooseTone(tone)}
          />
          <span aria-hidden="true">{tone === 0 ? HAND : inTone(HAND, tone)}</span>
        </label>
      ))}
    </fieldset>
  );
}
