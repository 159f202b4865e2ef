/** What a run must show to have proven anything: how much was sent, acknowledged and heard, not only how fast and how whole. */

export type LoadPlan = { vus: number; durationS: number; paceMs: number };

/** Of the messages that fit into the time: joining takes some of it. */
const MIN_SHARE = 0.7;

/** Messages that each user sends at least. */
const minSentBy = ({ durationS, paceMs }: LoadPlan): number =>
  Math.max(1, Math.floor((durationS * 1_000 * MIN_SHARE) / paceMs));

/** k6 passes over a threshold whose metric has no value: each counter here is set to 0 before the run. */
export function thresholdsFor(plan: LoadPlan): Record<string, string[]> {
  const min = plan.vus * minSentBy(plan);
  return {
    checks: ["rate==1"],
    suda_joined: [`count==${plan.vus}`],
    suda_messages_sent: [`count>=${min}`],
    suda_messages_acknowledged: [`count>=${min}`],
    // Everyone hears everyone; those who came later did not hear the first ones.
    suda_messages_heard: [`count>=${Math.ceil((min * plan.vus) / 2)}`],
    suda_messages_lost: ["count==0"],
    suda_messages_unacknowledged: ["count==0"],
    suda_out_of_order: ["count==0"],
    suda_refused: ["count==0"],
    suda_ack_ms: ["p(95)<500"],
    suda_delivery_ms: ["p(95)<500", "p(99)<1000"],
  };
}
