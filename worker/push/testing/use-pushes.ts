/** A worker's notifications, with a push service that speaks the protocol and browsers that decrypt. For tests. */
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { readPushKey } from "../../../shared/server/push/push-key.ts";
import { openFrontStore } from "../../../shared/server/redis/front-store.ts";
import { type PushService, startPushService } from "../../../test/support/push-service.ts";
import { archiveWhenDue } from "../../archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../testing/test-environment.ts";
import { createDelivery } from "../deliver.ts";
import { createNotifier } from "../notifier.ts";
import { createVapid } from "../vapid.ts";

const KEY = readPushKey(randomBytes(32).toString("hex"));
const LIMIT_MS = 5_000;

/** Starts the stores and the service before the tests of a file, and empties them after each. */
export function usePushes() {
  let here: TestEnvironment;
  let service: PushService;
  let n = 0;

  beforeAll(async () => {
    [here, service] = await Promise.all([openTestEnvironment(), startPushService()]);
  });
  afterAll(async () => {
    await Promise.all([here?.close(), service?.stop()]);
  });
  beforeEach(() => service.answer(() => ({ status: 201 })));
  afterEach(async () => {
    await here.sql`truncate push_subscriptions, push_queue, push_rooms, push_pace, room_levels`;
    service.received.length = service.asked.length = 0;
  });

  return {
    here: (): TestEnvironment => here,
    service: (): PushService => service,
    come,
    say,
    start,
    archive: () => archiveWhenDue({ ...here.deps, due: { events: 1, ms: 0 } }),
    /** The choice of a person in a room. */
    choose: (userId: string, room: string, level: string) => here.sql`
      insert into room_levels (user_id, room_id, level) select ${userId}, id, ${level} from rooms where name = ${room}`,
  };

  /** A person with one browser. */
  async function come(more: { hideText?: boolean; ignored?: string[]; language?: string } = {}) {
    const [id, session] = [randomUUID(), randomUUID()];
    const name = `person-${++n}`;
    const { sql } = here;
    await sql`insert into users ${sql({ id, email: `${name}@example.com`, email_key: name, nickname: name, nickname_key: name, password_hash: "x" })}`;
    await sql`insert into sessions (id, user_id, expires_at) values (${session}, ${id}, now() + interval '1 day')`;
    const { path, body, auth } = service.receiver(name);
    await sql`
      insert into push_subscriptions (session_id, user_id, endpoint, p256dh, auth, key, hide_text, ignored, language)
      values (${session}, ${id}, ${body.endpoint}, ${Buffer.from(body.p256dh, "base64url")}, ${auth},
        ${KEY.publicKey}, ${more.hideText ?? false}, ${more.ignored ?? []}::uuid[], ${more.language ?? null})`;
    return {
      id,
      session,
      path,
      heard: () => service.received.filter((each) => each.path === path).map(({ message }) => message),
      exists: async () =>
        (await sql`select from push_subscriptions where session_id = ${session}`).length === 1,
      /** The ten seconds are over. */
      mayHearAgain: () =>
        sql`update push_pace set next_at = now() - interval '1 second' where user_id = ${id}`,
    };
  }

  /** Appends a message that mentions or answers people. */
  function say(
    room: string,
    text: string,
    to: { mentions?: string[]; reply?: string } = {},
    at = Date.now(),
  ) {
    return here.put(room, (seq) =>
      JSON.stringify({
        ...{ type: "message", room, seq, at, user: AUTHOR, clientId: `c-${seq}`, text },
        ...(to.mentions ? { mentions: to.mentions.map((id) => ({ id, start: 0, length: 2 })) } : {}),
        ...(to.reply ? { reply: { seq: 1, user: to.reply } } : {}),
      }),
    );
  }

  function start(hosts = ["localhost"]) {
    const stopping = new AbortController();
    const counted = new Map<string, number>();
    const { deliver, close } = createDelivery(hosts, createVapid(KEY, ""), readFileSync(service.certificate));
    const notifier = createNotifier({
      ...{ database: here.deps.database, limitMs: LIMIT_MS, key: KEY.publicKey, deliver, log: here.deps.log },
      front: openFrontStore(here.redis, here.keys),
      count: (outcome, number = 1) => void counted.set(outcome, (counted.get(outcome) ?? 0) + number),
      signal: stopping.signal,
    });
    return {
      ...notifier,
      counted,
      /** Sends what waits, and waits for the answers. */
      async send(): Promise<void> {
        notifier.wake();
        await notifier.run();
        await notifier.settle();
      },
      end(): void {
        stopping.abort();
        close();
      },
    };
  }
}
