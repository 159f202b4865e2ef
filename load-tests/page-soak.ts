/**
 * `npm run page-soak -- --messages 50000 --acts 40 --rate 300`
 * Measures a page that stays open for a long time: starts a cluster and a real Chromium, sends thousands of messages,
 * changes rooms, opens dialogs, cuts the connection, and advances the clock by days. Exit code 1 if nodes, listeners or
 * memory of the page grew.
 */
import { shownCheck } from "./checks.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { soakPage } from "./soak.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const values = optionsOrLeave({ messages: 50_000, acts: 40, rate: 300, priced: 300, growthMb: 10 }, {});
const SENDERS = 20;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const cluster = await startLocalCluster();
try {
  const tokens = (await mintUsers(cluster.data, SENDERS)).map(({ accessToken }) => accessToken);
  const began = performance.now();
  const checks = await soakPage(cluster.url, tokens, values);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  say(`${values.messages} messages, ${values.acts} times used, ${minutes} minutes:`);
  for (const { words, holds } of checks) say(shownCheck(words, holds));
  say(`cluster, senders and browser together on ${describeMachine()}`);
  process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1;
} finally {
  await cluster.stop();
}
