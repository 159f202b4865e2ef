/** Shows what the cluster sends while no page is open, and leads to its place on a click. */
import type { PushMessage } from "../../shared/push-message.ts";
import type { KeptDatabase } from "./kept-database.ts";
import type { WindowOfWorker, WorkerScope } from "./worker-scope.ts";

/** The owner of this browser's subscription, a user's id. */
export const PUSH_OWNER = ["push-owner"] as const;

type Deps = Pick<WorkerScope, "registration" | "clients"> & {
  database: Pick<KeptDatabase, "get">;
  language: string;
};

export function createNotices({ registration, clients, database, language }: Deps) {
  const { scope } = registration;

  return { show, open };

  /** Nothing is shown to another user of this browser, or while a page has the focus. */
  async function show(data: unknown): Promise<void> {
    if (!looksRight(data)) return;
    const [owner, windows] = await Promise.all([database.get(PUSH_OWNER), pages()]);
    if (owner !== data.to || windows.some(({ focused }) => focused)) return;
    const { author, title, direct, text, count, kind, room, seq, at } = data;
    const isKorean = (data.language ?? language).startsWith("ko");
    const place = direct ? author : `${author} · ${title}`;
    const more = count > 1 ? [isKorean ? `새 알림 ${count}개` : `${count} new`] : [];
    const hidden =
      kind === "message"
        ? isKorean
          ? "새 메시지가 있어요."
          : "A new message."
        : isKorean
          ? "나를 부른 메시지가 있어요."
          : "A message is for you.";
    const icon = new URL("icon-192.png", scope).href;
    // The newest of a room takes the place of the one before.
    const options = {
      body: [text ?? hidden, ...more].join("\n"),
      tag: `room ${room}`,
      icon,
      data: { room, seq },
    };
    await registration.showNotification(place, { ...options, timestamp: at } as NotificationOptions);
  }

  /** Goes to the message in a page that is open, or in a new one. */
  async function open({ data, close }: { data: unknown; close: () => void }): Promise<void> {
    close();
    const { room, seq } = (data ?? {}) as { room?: unknown; seq?: unknown };
    if (typeof room !== "string" || typeof seq !== "number") return;
    const [page] = await pages();
    if (!page) return void (await clients.openWindow(`${scope}r/${room}#m${seq}`));
    await page.focus();
    page.postMessage({ open: { room, seq } });
  }

  async function pages(): Promise<readonly WindowOfWorker[]> {
    const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
    return all.filter(({ url }) => url.startsWith(scope));
  }
}

function looksRight(data: unknown): data is PushMessage {
  const { to, room, title, author, seq, count } = (data ?? {}) as Record<string, unknown>;
  return (
    [to, room, title, author].every((each) => typeof each === "string") &&
    typeof seq === "number" &&
    typeof count === "number"
  );
}
