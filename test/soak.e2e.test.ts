/** The memory of a page that stays open does not grow. `npm run page-soak` runs longer. */
import { expect, test } from "vitest";
import { soakPage } from "../load-tests/soak.ts";
import { useCluster } from "./support/use-cluster.ts";

const SENDERS = 5;
const { cluster, user } = useCluster({ gateways: 1 }, SENDERS);

test("through thousands of messages, rooms, dialogs, lost lines and days nodes, listeners and memory of a page stay", async () => {
  const tokens = Array.from({ length: SENDERS }, (_, index) => user(index).accessToken);
  const short = { messages: 3_500, acts: 3, rate: 400, priced: 120, growthMb: 2 };
  const checks = await soakPage(cluster().url, tokens, short);
  expect(checks.filter(({ holds }) => !holds).map(({ words }) => words)).toEqual([]);
});
