/** The fuzzer: attacks a cluster for a while and then checks for crashes, leaks and forbidden effects. */
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { HistoryAnswer } from "../shared/http-api.ts";
import { HISTORY_MAX, LOBBY } from "../shared/limits.ts";
import type { RoomEvent } from "../shared/server-frames.ts";
import { until } from "../shared/until.ts";
import { attacks, perform, type Target } from "./fuzz-attacks.ts";
import { answerFault, type Callers, everyOddValue, PLAYGROUND } from "./fuzz-calls.ts";
import { enter } from "./support/client.ts";
import type { TestCluster } from "./support/cluster.ts";

/** `bodies`: first tries each odd value in each field of each body, outside the measured time. */
export type FuzzOptions = { seconds: number; seed: number; bodies: boolean; tell?: (line: string) => void };
/** `faults`: descriptions of all faults; empty if there were none. */
export type FuzzReport = { attacks: number; events: number; grownMb: number; faults: string[] };

const ABREAST = 4;
const BATCH = 40;
/** Native buffers and an uncollected heap stay below this; a leak over minutes is far more. */
const MAX_GROWTH_MB = 96;
const MAX_FAULTS = 20;
/** The baseline of memory is taken after this share of the time. */
const WARM = 0.3;

/** @param cluster without limits or other users: its gateways must not restart, and the fuzzer owns its lobby. */
export async function fuzz(
  cluster: TestCluster,
  { seconds, seed, bodies, tell }: FuzzOptions,
): Promise<FuzzReport> {
  const [member, caller, moderator, victim, witness] = await cluster.mint(5);
  if (!member || !caller || !moderator || !victim || !witness) throw new Error("no users");
  await cluster.command("admin", "grant", `${moderator.user.nickname}@suda.invalid`, "admin");
  const { processes } = await cluster.status();
  const before = await gatewaysOf(cluster);
  const urls = [cluster.url, ...before.map(({ port }) => `http://127.0.0.1:${port}`)];
  const faults: string[] = [];
  const fault = (words: string): void => void (faults.length < MAX_FAULTS && faults.push(words));
  const expected = createExpectations();
  const token = member.accessToken;
  const callers = { member: caller.accessToken, moderator: moderator.accessToken, victim: victim.user.id };
  await makePlayground(cluster.url, moderator.accessToken);
  let count = 0;

  for (const wrong of await callEach(urls, callers, bodies)) fault(wrong);
  const began = performance.now();
  const spent = (): number => (performance.now() - began) / (seconds * 1_000);
  const attackOn = async (lane: number): Promise<void> => {
    for (let round = 0; spent() < 1; round++) {
      for (const attack of fc.sample(attacks, { seed: seed + lane * 1_000_003 + round, numRuns: BATCH })) {
        if (spent() >= 1) return;
        const url = urls[count++ % urls.length] ?? cluster.url;
        const target: Target = { url, token, callers, ...expected };
        try {
          const wrong = await perform(attack, target);
          if (wrong) fault(wrong);
        } catch (error) {
          fault(`${(error as Error).message} after ${JSON.stringify(attack).slice(0, 300)}`);
        }
      }
    }
  };
  const lanes = Promise.all(Array.from({ length: ABREAST }, (_, lane) => attackOn(lane)));
  await until("the gateways are warm", () => spent() >= WARM, { withinMs: seconds * 1_000 });
  const warmMb = before.map(({ pid }) => residentMb(pid));
  tell?.(`after ${count} attacks gateways have ${warmMb.join(", ")} MB`);
  await lanes;

  const after = await gatewaysOf(cluster);
  for (const name of restarted(processes, (await cluster.status()).processes))
    fault(`${name} ended, and another process took its place`);
  await everyoneHears(cluster.url, urls, witness.accessToken).catch((error: Error) => fault(error.message));
  await until("every socket is gone", () => noClients(cluster), { withinMs: 30_000 }).catch((error: Error) =>
    fault(error.message),
  );
  const grownMb = Math.max(...after.map(({ pid }, index) => residentMb(pid) - (warmMb[index] ?? 0)));
  if (grownMb > MAX_GROWTH_MB) fault(`a gateway grew by ${grownMb} MB`);

  const events = await readLobby(cluster.url);
  for (const words of expected.breaches(events, member.user.id, witness.user.id)) fault(words);
  return { attacks: count, events: events.length, grownMb, faults };
}

/** Makes all calls that a generator might miss. @returns the faults of their answers. */
async function callEach(urls: string[], callers: Callers, bodies: boolean): Promise<string[]> {
  const calls = everyOddValue(bodies);
  const wrong: string[] = [];
  let count = 0;
  const lane = async (): Promise<void> => {
    for (const call of calls) {
      const url = urls[count++ % urls.length] ?? "";
      const fault = await answerFault(url, callers, call).catch(
        (error: Error) => `${error.message} after ${call.method} ${call.path.slice(0, 200)}`,
      );
      if (fault) wrong.push(fault);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, lane));
  return wrong;
}

async function makePlayground(url: string, token: string): Promise<void> {
  await fetch(`${url}/api/rooms`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: PLAYGROUND, title: "for everything" }),
  });
}

/** Records the allowed effects of the attacks, and compares them with the lobby. */
function createExpectations() {
  const texts = new Map<string, Set<string>>();
  const deletions = new Set<number>();
  const acks = new Map<string, number>();
  return {
    expect(effects: Parameters<Target["expect"]>[0]): void {
      for (const effect of effects) {
        if (effect.kind === "delete") deletions.add(effect.target);
        else texts.set(effect.clientId, (texts.get(effect.clientId) ?? new Set()).add(effect.text));
      }
    },
    acked: (clientId: string, seq: number): void => void acks.set(clientId, seq),

    breaches(events: RoomEvent[], member: string, witness: string): string[] {
      const ids = new Map<number, string | null>();
      const wrong = events.filter((event) => {
        if (event.type === "notice" || event.type === "removed") return true;
        if (event.type === "reactions") return event.changes.some(({ on }) => on.some((id) => id !== member));
        // A repeated deletion is acknowledged with the seq of the first one.
        ids.set(event.seq, event.type === "deleted" ? null : event.clientId);
        if (event.type === "deleted") return event.by !== member || !deletions.has(event.target);
        if (event.user.id === witness) return false;
        const said = texts.get(event.clientId);
        return event.user.id !== member || !said || (event.deleted !== true && !said.has(event.text ?? ""));
      });
      const holes = events.filter(({ seq }, index) => index > 0 && seq !== (events[index - 1]?.seq ?? 0) + 1);
      const lost = [...acks].filter(([id, seq]) => ids.get(seq) !== id && ids.get(seq) !== null);
      return [
        ...wrong.map((event) => `nobody was allowed to cause ${JSON.stringify(event)}`),
        ...holes.map(({ seq }) => `there is a hole before seq ${seq}`),
        ...lost.map(([id, seq]) => `${id} was acknowledged as ${seq} and is not there`),
      ];
    },
  };
}

async function gatewaysOf(cluster: TestCluster) {
  const { processes } = await cluster.status();
  return processes.filter(({ name }) => name.startsWith("gateway-")).map(({ pid, port }) => ({ pid, port }));
}

type Processes = Awaited<ReturnType<TestCluster["status"]>>["processes"];

function restarted(before: Processes, after: Processes): string[] {
  const pids = new Map(after.map(({ name, pid }) => [name, pid]));
  return before.filter(({ name, pid }) => pids.get(name) !== pid).map(({ name }) => name);
}

async function noClients(cluster: TestCluster): Promise<boolean> {
  const { processes } = await cluster.status();
  return processes.filter(({ name }) => name.startsWith("gateway-")).every(({ clients }) => clients === 0);
}

/** A message sent through nginx reaches a member on each gateway. */
async function everyoneHears(front: string, urls: string[], token: string): Promise<void> {
  const speaker = await enter(front, { token });
  const listeners = await Promise.all(urls.map((url) => enter(url)));
  speaker.say({ type: "send", room: LOBBY, clientId: "witness", text: "still here" });
  await Promise.all(listeners.map((each) => each.sees("message", ({ clientId }) => clientId === "witness")));
  for (const client of [speaker, ...listeners]) client.close();
}

async function readLobby(url: string): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  for (let more = true; more; ) {
    const before = events[0] ? `&before=${events[0].seq}` : "";
    const answer = await fetch(`${url}/api/rooms/${LOBBY}/messages?limit=${HISTORY_MAX}${before}`);
    const page = (await answer.json()) as HistoryAnswer;
    events.unshift(...page.events);
    more = page.more && page.events.length > 0;
  }
  return events;
}

/** Resident memory of a process; NaN if it is gone, because that is reported separately. */
function residentMb(pid: number | null): number {
  const file = `/proc/${pid}/status`;
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(existsSync(file) ? readFileSync(file, "utf8") : "") ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
