/** The browser's subscription at its push service. Needs TLS or this machine, and a browser that has one. */
import type { PushBody } from "../../shared/push-api.ts";

type Keys = Pick<PushBody, "endpoint" | "p256dh" | "auth">;
export type PushBrowser = ReturnType<typeof createPushBrowser>;

export function createPushBrowser(view: Window & typeof globalThis) {
  const { serviceWorker } = view.navigator;
  return {
    /** Whether it can notify at all, and whether also without a page. */
    isAble: serviceWorker !== undefined && "Notification" in view,
    canPush: serviceWorker !== undefined && "PushManager" in view,
    registration: (): Promise<ServiceWorkerRegistration> => serviceWorker.ready,
    locks: view.navigator.locks as LockManager | undefined,
    permission: (): NotificationPermission => view.Notification.permission,
    /** Asks the person. Only after a click. */
    ask: (): Promise<NotificationPermission> => view.Notification.requestPermission(),
    /** @param key the public key of the cluster. @throws the browser's error when its service does not give one. */
    async subscribe(key: string): Promise<Keys> {
      const { pushManager } = await serviceWorker.ready;
      const before = await pushManager.getSubscription();
      if (before && encoded(before.options.applicationServerKey) !== key) await before.unsubscribe();
      const options = { userVisibleOnly: true, applicationServerKey: key };
      const { endpoint, keys } = (await pushManager.subscribe(options)).toJSON();
      return { endpoint: endpoint ?? "", p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" };
    },
    /** @returns whether the browser has none any more. */
    async unsubscribe(): Promise<boolean> {
      const registration = await serviceWorker?.getRegistration();
      const subscription = await registration?.pushManager?.getSubscription();
      return (await subscription?.unsubscribe()) ?? true;
    },
    /** Calls back when the person clicked a notification and this page is to show its place. */
    opened(open: (room: string, seq: number) => void): void {
      serviceWorker?.addEventListener("message", ({ data }) => {
        if (typeof data?.open?.room === "string") open(data.open.room, Number(data.open.seq));
      });
    },
  };
}

function encoded(key: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
