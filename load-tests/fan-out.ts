/**
 * `npm run fan-out -- --sockets 1000 --senders 20 --messages 10000 --rate 200 [--data DIR]`
 * One room, many sockets on all gateways: checks that every socket receives every message once and in one order, that every
 * message is acknowledged once, and that PostgreSQL has exactly these. Without `--data` it starts a cluster of its own. Exit
 * code 1 if a check fails.
 */
import { randomBytes } from "node:crypto";
import { comesTrue } from "../shared/until.ts";
import { openAudience } from "./audience.ts";
import { shownCheck } from "./checks.ts";
import { addressOf, findCluster, readBackends } from "./cluster.ts";
import { createRoom } from "./history.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { readRows } from "./queries.ts";
import { createSenders } from "./senders.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const values = optionsOrLeave(
  { sockets: 1_000, senders: 20, messages: 10_000, rate: 200 },
  { data: undefined },
);
/** A message that is missing after this long without a new one is lost. */
const PATIENCE_MS = 30_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(data: string | undefined): Promise<boolean> {
  const { sockets, senders: talking, messages, rate } = values;
  if (talking > sockets) throw new Error("--senders: at most as many as --sockets");
  const { url } = await findCluster(data);
  const tokens = (await mintUsers(data, sockets)).map(({ accessToken }) => accessToken);
  const room = `fan-out-${randomBytes(4).toString("hex")}`;
  await createRoom(url, tokens[0] ?? "", room);

  const senders = createSenders({ count: talking, messages, rate });
  const { dueAt, answered } = senders;
  const audience = await openAudience({
    address: addressOf(url),
    room,
    tokens,
    dueAt,
    answered,
  });
  say(`${sockets} sockets joined ${room}, ${talking} of them send ${messages} messages`);

  const began = performance.now();
  await senders.run(audience.clients.map(({ send }) => send));
  const sentS = (performance.now() - began) / 1_000;
  await untilOrQuiet(
    () => audience.heard().min >= messages && senders.acknowledged() === messages,
    audience.lastAt,
  );
  const heardS = (audience.lastAt() - began) / 1_000;
  const last = Math.max(...audience.order.keys());
  await untilOrQuiet(() => audience.stored() >= last, audience.lastAt);
  audience.close();

  const rows = await readRows(readBackends(data).databaseUrl, room);
  const same = rows.filter(({ seq, clientId }) => audience.order.get(seq) === clientId).length;
  const { all } = audience.heard();
  const checks: [string, boolean][] = [
    [`${all} of ${sockets * messages} deliveries`, all === sockets * messages],
    ["every socket heard one and the same order, without a hole", audience.complaints.length === 0],
    [
      `${senders.acknowledged()} of ${messages} messages acknowledged, ${senders.acknowledgedTwice()} twice`,
      senders.acknowledged() === messages && senders.acknowledgedTwice() === 0,
    ],
    [`no refusal (${JSON.stringify(Object.fromEntries(senders.refusals))})`, senders.refusals.size === 0],
    [`PostgreSQL is told to have seq ${audience.stored()} of ${last}`, audience.stored() >= last],
    [`PostgreSQL holds ${rows.length} rows, ${same} as heard`, rows.length === messages && same === messages],
  ];
  for (const [words, holds] of checks) say(shownCheck(words, holds));
  for (const words of [...audience.complaints, ...senders.complaints]) say(`     ${words}`);
  const at = (share: number): string => `${audience.latency.quantile(share).toFixed(1)} ms`;
  say(
    `sent in ${sentS.toFixed(1)} s, heard in ${heardS.toFixed(1)} s: ${(messages / heardS).toFixed(0)} messages/s, ` +
      `${(all / heardS).toFixed(0)} deliveries/s; from due to heard p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`,
  );
  say(`cluster and generator together on ${describeMachine()}`);
  return checks.every(([, holds]) => holds) && senders.complaints.length === 0;
}

/** Waits for the condition, or until no new message has come for `PATIENCE_MS`. */
async function untilOrQuiet(condition: () => boolean, lastAt: () => number): Promise<void> {
  const startedAt = performance.now();
  const isQuiet = (): boolean => performance.now() - Math.max(lastAt(), startedAt) >= PATIENCE_MS;
  await comesTrue(() => condition() || isQuiet(), { withinMs: Number.POSITIVE_INFINITY, everyMs: 50 });
}

const own = values.data ? undefined : await startLocalCluster();
try {
  process.exitCode = (await measure(own?.data ?? values.data)) ? 0 : 1;
} finally {
  await own?.stop();
}
