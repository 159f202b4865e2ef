/** The thresholds of a run, also for the amount of messages, because an idle run would be fast and correct. */

export type LoadPlan = { vus: number; durationS: number; paceMs: number };

/** The share of the messages that fit into the time, because joining takes some of it. */
const MIN_SHARE = 0.7;

/** The minimum number of messages of each user. */
const minSentBy = ({ durationS, paceMs }: LoadPlan): number =>
  Math.max(1, Math.floor((durationS * 1_000 * MIN_SHARE) / paceMs));

/** k6 skips a threshold whose metric has no value, so each counter here is set to 0 before the run. */
export function thresholdsFor(plan: LoadPlan): Record<string, string[]> {
  const min = plan.vus * minSentBy(plan);
  return {
    checks: ["rate==1"],
    suda_joined: [`count==${plan.vus}`],
    suda_messages_sent: [`count>=${min}`],
    suda_messages_acknowledged: [`count>=${min}`],
    // All users receive all messages, except that late ones miss the first messages.
    suda_messages_heard: [`count>=${Math.ceil((min * plan.vus) / 2)}`],
    suda_messages_lost: ["count==0"],
    suda_messages_unacknowledged: ["count==0"],
    suda_out_of_order: ["count==0"],
    suda_refused: ["count==0"],
    suda_ack_ms: ["p(95)<500"],
    suda_delivery_ms: ["p(95)<500", "p(99)<1000"],
  };
}
