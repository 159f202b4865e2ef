/**
 * Moderation during a fault: beside the crowd, in a room of their own, people are renamed, muted, promoted, demoted and
 * banned, and try after each acknowledgement whether it holds.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createDecoder } from "../../decode.ts";
import { createRoom } from "../../history.ts";
import { readSaid } from "../../queries.ts";
import type { Minted } from "../../support/commands.ts";
import type { FaultCluster } from "../target/fault-cluster.ts";
import { createRequest } from "./act-request.ts";
import { type Act, judgeActs } from "./acts-on-people.ts";
import { openPerson, type Person } from "./person.ts";

type Acted = { user: Minted; person: Person };

/** The first is the admin who acts, the second sends the messages that others try to delete. */
const ACTORS = 2;
const PAUSE_MS = 100;

/** The time until the last messages are in PostgreSQL. */
const STORED_MS = 2_500;

/** @param count of people who are acted on. @param withRetries for work that an earlier fault may still disturb. */
export async function beginActs(
  cluster: FaultCluster,
  count: number,
  withRetries: <T>(work: () => Promise<T>) => Promise<T>,
) {
  const room = `acts-${randomBytes(4).toString("hex")}`;
  const [admin, author, ...rest] = await withRetries(() => cluster.mint(ACTORS + count));
  if (!admin || !author) throw new Error("nobody acts");
  await withRetries(() => cluster.grant(admin, "admin"));
  await withRetries(() => createRoom(cluster.url, admin.accessToken, room));
  const decode = createDecoder();
  const open = ({ accessToken }: Minted, index: number): Person =>
    openPerson(cluster.address, accessToken, room, index, decode);
  const writer = open(author, -1);
  const people = rest.map((user, index): Acted => ({ user, person: open(user, index) }));
  const request = createRequest(`${cluster.url}/api`, admin.accessToken);
  const acts: Act[] = [];
  let acting = true;
  let said = 0;
  const living = Promise.all(people.map(live));

  return {
    leave,
    /** Ends it. @returns a line for each message that violates an acknowledged act, and a summary. */
    async end(): Promise<{ faults: string[]; summary: string }> {
      acting = false;
      await living;
      leave();
      const tries = people.flatMap(({ person }) => person.tries);
      await wait(STORED_MS);
      const rows = await readSaid(cluster.backends.databaseUrl, room);
      const acknowledged = acts.filter(({ ackedAt }) => ackedAt !== undefined).length;
      const faults = judgeActs(acts, tries, rows);
      if (acknowledged === 0) faults.push("no act of moderation was acknowledged");
      const summary = `${acknowledged} acts on people were acknowledged, ${tries.length} times it was tried whether they hold`;
      return { faults, summary };
    },
  };

  /** One of them is banned in the end, because that ends the sessions as well. */
  async function live({ user, person }: Acted, index: number): Promise<void> {
    while (acting) {
      await act("name", index, `p${index} ${randomBytes(4).toString("hex")}`, user);
      await say(person);
      await act("mute", index, "on", user);
      await say(person);
      await act("mute", index, "off", user);
      await say(person);
      await act("role", index, "moderator", user);
      const target = await say(writer);
      await act("role", index, "user", user);
      if (target !== undefined) await person.remove(`d${++said}-${room}`, target);
      await wait(PAUSE_MS);
    }
    if (index === 0) {
      await act("ban", index, "on", user);
      await say(person);
    }
  }

  async function act(kind: Act["kind"], person: number, value: string, user: Minted): Promise<void> {
    const one: Act = { kind, person, value, askedAt: performance.now(), ackedAt: undefined };
    acts.push(one);
    if (await request(kind, value, user)) one.ackedAt = performance.now();
  }

  async function say(person: Person): Promise<number | undefined> {
    if (!person.joined()) await wait(PAUSE_MS);
    return person.say(`a${++said}-${room}`);
  }

  function leave(): void {
    acting = false;
    for (const { person } of people) person.leave();
    writer.leave();
  }
}
