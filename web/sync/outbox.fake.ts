/** An outbox with the connection played by a test. */
import { createFakeClock } from "./clock.fake.ts";
import { createOutbox } from "./outbox.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import { createSendPace, type Rate } from "./send-pace.ts";

export const RESEND_MS = 600_000;

/** @param kept the entries of an earlier page. @param rate of the user; without it, any. */
export function createFakeOutbox(kept: readonly OutboxEntry[] = [], rate?: Rate) {
  const clock = createFakeClock();
  const sent: string[] = [];
  const state = { isLive: true };
  const rules = { slowMs: 0 };
  let entries = kept;
  let made = 0;
  const outbox = createOutbox(
    {
      clock,
      pace: createSendPace({ now: clock.now, slowModeOf: () => rules.slowMs, rate: () => rate }),
      resendMs: () => RESEND_MS,
      newClientId: () => {
        made += 1;
        return `c${made}`;
      },
      send(entry) {
        const command = "text" in entry ? entry.text : `deletes ${entry.target}`;
        if (state.isLive) sent.push(`${entry.clientId} ${command}`);
        return state.isLive;
      },
      changed(next) {
        entries = next;
      },
    },
    kept,
  );
  return {
    clock,
    sent,
    state,
    rules,
    outbox,
    entries: () => entries,
    states: () => entries.map((entry) => `${entry.clientId} ${entry.state}`),
  };
}
