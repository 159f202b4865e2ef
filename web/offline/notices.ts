/** Shows what the cluster sends while no page is open, or a page that nobody looks at has heard, once; and leads to its place on a click. */
import type { PushMessage } from "../../shared/push-message.ts";
import type { KeptDatabase } from "./kept-database.ts";
import type { WindowOfWorker, WorkerScope } from "./worker-scope.ts";

/** The owner of this browser's subscription, a user's id. */
export const PUSH_OWNER = ["push-owner"] as const;

/** How far a room's messages were shown in this browser, by whomever: the page, another tab, or the service worker. */
const shownOf = (room: string) => ["shown", room] as const;
const LOCK = "suda-notices";

type NoticeDeps = {
  registration: Pick<ServiceWorkerRegistration, "scope" | "showNotification">;
  database: Pick<KeptDatabase, "get" | "put">;
  locks?: Pick<LockManager, "request"> | undefined;
};
type Deps = NoticeDeps & Pick<WorkerScope, "clients"> & { language: string };

/** Shows a message, unless it or a newer one of its room was shown. @returns whether it did. */
export async function showOnce(
  { registration, database, locks }: NoticeDeps,
  message: PushMessage,
  { language, silent = false }: { language: string; silent?: boolean },
): Promise<boolean> {
  const { room, seq } = message;
  const work = async (): Promise<boolean> => {
    const shown = await database.get(shownOf(room));
    if (typeof shown === "number" && shown >= seq) return false;
    await database.put(shownOf(room), seq);
    const { title, options } = noticeOf(message, registration.scope, language);
    await registration.showNotification(title, { ...options, silent });
    return true;
  };
  return locks ? await locks.request(LOCK, work) : await work();
}

function noticeOf(message: PushMessage, scope: string, usual: string) {
  const { author, title, direct, text, count, kind, room, seq, at } = message;
  const isKorean = (message.language ?? usual).startsWith("ko");
  const own = isKorean ? "나를 부른 메시지가 있어요." : "A message is for you.";
  const any = isKorean ? "새 메시지가 있어요." : "A new message.";
  const more = count > 1 ? [isKorean ? `새 알림 ${count}개` : `${count} new`] : [];
  return {
    title: direct ? author : `${author} · ${title}`,
    options: {
      body: [text ?? (kind === "message" ? any : own), ...more].join("\n"),
      // The newest of a room takes the place of the one before.
      tag: tagOf(room),
      icon: new URL("icon-192.png", scope).href,
      lang: isKorean ? "ko" : "en",
      data: { room, seq },
      timestamp: at,
    } as NotificationOptions,
  };
}

const tagOf = (room: string): string => `room ${room}`;

/** Takes away the notification of a room whose message is read. */
export async function closeRead(
  registration: Pick<ServiceWorkerRegistration, "getNotifications">,
  room: string,
  read: number,
): Promise<void> {
  for (const notification of await registration.getNotifications({ tag: tagOf(room) }))
    if (Number(notification.data?.seq) <= read) notification.close();
}

export function createNotices({ clients, language, ...deps }: Deps) {
  const { scope } = deps.registration;

  return { show, open };

  /** Nothing is shown to another user of this browser, or while a page has the focus. */
  async function show(data: unknown): Promise<void> {
    if (!looksRight(data)) return;
    const [owner, windows] = await Promise.all([deps.database.get(PUSH_OWNER), pages()]);
    if (owner !== data.to || windows.some(({ focused }) => focused)) return;
    await showOnce(deps, data, { language });
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
