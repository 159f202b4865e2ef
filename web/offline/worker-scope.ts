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

type Events = {
  install: InstallEvent;
  activate: InstallEvent;
  fetch: FetchEvent;
  message: MessageEventOfWorker;
};

export type WorkerScope = {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof Events>(name: Name, handle: (event: Events[Name]) => void): void;
};
