import { useEffect } from "preact/hooks";
import { RAID_MINUTES } from "../../state/raid.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

const MINUTE_MS = 60_000;

/** Raid mode: how it is now, and the buttons that change it. */
export function RaidSwitch() {
  const { language } = useApp();
  const { raid } = useOnDemand();
  const words = useDialogWords();
  const { moderation: said } = words;
  const now = raid.current.value;
  useEffect(() => void raid.load(), []);
  if (now === undefined) return null;
  const isOn = now !== "off";
  return (
    <section class="raid" aria-label={said.raid}>
      <h3>{said.raid}</h3>
      <p class="hint" role="status">
        {isOn
          ? said.raidOn(words.span(now.minutes * MINUTE_MS), language.dates.value.full.format(now.until))
          : said.raidHint}
      </p>
      <div class="also">
        {isOn ? (
          <button class="button quiet" type="button" onClick={() => void raid.end()}>
            {said.raidEnd}
          </button>
        ) : (
          RAID_MINUTES.map((minutes) => (
            <button class="button quiet" type="button" key={minutes} onClick={() => void raid.begin(minutes)}>
              {said.raidBegin(words.span(minutes * MINUTE_MS))}
            </button>
          ))
        )}
      </div>
    </section>
  );
}
