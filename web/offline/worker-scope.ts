/** The types of a service worker, as far as it uses them: TypeScript's declarations for pages lack them. */

type Extendable = { waitUntil(work: Promise<unknown>): void };
type InstallEvent = Extendable;
type FetchEvent = Extendable & {
  readonly request: Request;
  /** The answer that the browser asked for while the worker started; undefined without one. */
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
};
type MessageEventOfWorker = Extendable & { readonly data: unknown };

type PushEventOfWorker = Extendable & { readonly data?: { json(): unknown } };
type NotificationEventOfWorker = Extendable & { readonly notification: Notification };
/** A page. */
export type WindowOfWorker = {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
};

type Events = {
  install: InstallEvent;
  activate: InstallEvent;
  fetch: FetchEvent;
  message: MessageEventOfWorker;
  push: PushEventOfWorker;
  notificationclick: NotificationEventOfWorker;
};

export type WorkerScope = {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly WindowOfWorker[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof Events>(name: Name, handle: (event: Events[Name]) => void): void;
};
