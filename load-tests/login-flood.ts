/**
 * `npm run login-flood -- [--logins 500] [--clients 300] [--rate 100] [--seconds 20] [--people 10]`
 * Starts a cluster in which clients chat, first alone and then during a flood of log-ins, while some people with the
 * right password log in too. Limits are off, so that only the bound on hashing protects the chat. Exit code 1 if the
 * chat became more than twice as slow and slower than 100 ms, if a message is missing, if a refusal had no Retry-After,
 * or if a user with the right password waited for more than a minute.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { openAudience } from "./audience.ts";
import { shownCheck } from "./checks.ts";
import { addressOf, findCluster } from "./cluster.ts";
import { createRoom } from "./history.ts";
import { logInAtLast, signUp, startFlood } from "./log-ins.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { createSenders } from "./senders.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const options = { logins: 500, clients: 300, rate: 100, seconds: 20, people: 10 };
const { logins, clients, rate, seconds, people: wanted } = optionsOrLeave(options, {});

/** A latency of the chat that is always accepted. */
const ACCEPTED_MS = 100;
const MAX_WAIT_MS = 60_000;
/** A message that is missing after this long without a new one is lost. */
const PATIENCE_MS = 10_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Chat = { p50: number; p99: number; missing: number };

/** Clients send in turn, and all receive everything. Latency runs from the due time of a message to its arrival. */
async function chat(url: string, tokens: string[], beside: () => Promise<void>): Promise<Chat> {
  const room = `flood-${randomBytes(4).toString("hex")}`;
  await createRoom(url, tokens[0] ?? "", room);
  const messages = rate * seconds;
  const senders = createSenders({ count: clients, messages, rate });
  const { dueAt, answered } = senders;
  const audience = await openAudience({
    address: addressOf(url),
    room,
    tokens,
    dueAt,
    answered,
  });
  const [, ended] = await Promise.all([
    beside(),
    senders.run(audience.clients.map(({ send }) => send)).then(() => performance.now()),
  ]);
  while (
    audience.heard().min < messages &&
    performance.now() - Math.max(ended, audience.lastAt()) < PATIENCE_MS
  )
    await wait(50);
  const { latency } = audience;
  const outcome = {
    p50: latency.quantile(0.5),
    p99: latency.quantile(0.99),
    missing: messages * clients - audience.heard().all,
  };
  audience.close();
  return outcome;
}

async function measure(data: string): Promise<boolean> {
  const { url } = await findCluster(data);
  const people = await signUp(url, wanted);
  const tokens = (await mintUsers(data, clients)).map(({ accessToken }) => accessToken);
  // Not measured, because in its first seconds a cluster compiles its code.
  await chat(url, tokens, async () => undefined);

  const alone = await chat(url, tokens, async () => undefined);
  const waits: number[] = [];
  let count: Awaited<ReturnType<ReturnType<typeof startFlood>["stop"]>> | undefined;
  const beside = await chat(url, tokens, async () => {
    const flood = startFlood({ url, logins });
    await wait(1_000);
    const letIn = Promise.all(people.map(async (person) => void waits.push(await logInAtLast(url, person))));
    await wait((seconds - 1) * 1_000);
    count = await flood.stop();
    await letIn;
  });

  const { byStatus = {}, silent = 0 } = count ?? {};
  const longest = Math.max(0, ...waits);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  say(`${clients} clients at ${rate} messages/s alone: p50 ${ms(alone.p50)}, p99 ${ms(alone.p99)}`);
  say(`beside ${logins} log-ins at once:       p50 ${ms(beside.p50)}, p99 ${ms(beside.p99)}`);
  say(`log-ins by answer: ${JSON.stringify(byStatus)}`);
  const bound = Math.max(2 * alone.p99, ACCEPTED_MS);
  const checks: [string, boolean][] = [
    [`the chat's p99 beside the flood is at most ${ms(bound)}`, beside.p99 <= bound],
    [
      `every message was heard by everybody (missing: ${alone.missing}, ${beside.missing})`,
      alone.missing + beside.missing === 0,
    ],
    [
      `the excess got 429 (${byStatus[429] ?? 0}), all with Retry-After`,
      (byStatus[429] ?? 0) > 0 && silent === 0,
    ],
    [
      "nothing was answered but 401 and 429",
      Object.keys(byStatus).every((status) => ["401", "429"].includes(status)),
    ],
    [
      `${waits.length} of ${people.length} with the right password got in, the last after ${(longest / 1_000).toFixed(1)} s`,
      waits.length === people.length && longest <= MAX_WAIT_MS,
    ],
  ];
  for (const [words, holds] of checks) say(shownCheck(words, holds));
  say(`cluster and generator together on ${describeMachine()}`);
  return checks.every(([, holds]) => holds);
}

const own = await startLocalCluster();
try {
  process.exitCode = (await measure(own.data)) ? 0 : 1;
} finally {
  await own.stop();
}
