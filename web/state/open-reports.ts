/** How many reports are open, kept up to date while somebody looks: a moderator sees a new one without loading the page again. */
import { computed, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";
import type { ModerationApi } from "../sync/moderation-api.ts";

/** A question costs PostgreSQL a look into an index of the open ones, and only moderators ask. */
const EVERY_MS = 10_000;

export function createOpenReports(
  clock: Pick<Clock, "after">,
  api: Pick<ModerationApi, "openReports">,
  isVisible: () => boolean,
) {
  const count = signal(0);

  return {
    /** At most 100, which stands for that many or more. */
    count: computed(() => count.value),
    refresh,
    /** Asks now and again until the returned function is called; a page in the background waits. */
    follow(): () => void {
      let cancel = () => {};
      const ask = () => {
        if (isVisible()) void refresh();
        cancel = clock.after(EVERY_MS, ask);
      };
      ask();
      return () => cancel();
    },
    clear() {
      count.value = 0;
    },
  };

  async function refresh(): Promise<void> {
    const answer = await api.openReports();
    // A gateway of an older release does not know the question.
    if (answer.ok) count.value = answer.value.open;
  }
}
