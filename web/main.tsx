/** Where the client begins: the browser's parts, the state made of them, and the page that shows it. Whatever fails, something is shown. */
import { options, render } from "preact";
import { AppView } from "./components/app.tsx";
import { FailureScreen } from "./components/failure-screen.tsx";
import { Guarded } from "./components/ui/guarded.tsx";
import { keepFocus } from "./page/keep-focus.ts";
import { onceAFrame } from "./page/once-a-frame.ts";
import { createPageFaults, watchPage } from "./page/page-faults.ts";
import { surviveTranslation } from "./page/survive-translation.ts";
import { createApp } from "./state/app.ts";
import { systemClock } from "./sync/clock.ts";
import { browserAreas, createStore } from "./sync/storage.ts";
import { browserLine } from "./sync/transport.ts";
import { API, socketUrl } from "./sync/urls.ts";
import { failureEn, failureKo } from "./words/failure.ts";

const faults = createPageFaults((fault) => {
  const request = { method: "POST", headers: { "content-type": "application/json" }, keepalive: true };
  fetch(API.clientErrors, { ...request, body: JSON.stringify(fault) }).catch(() => undefined);
});

/** What was on screen is gone: what the browser showed meanwhile, or what failed. */
function clear(): HTMLElement {
  document.body.replaceChildren();
  return document.body;
}

/** Without any state: there may be none. */
function showFailure(error: unknown) {
  const words = navigator.language.startsWith("ko") ? failureKo : failureEn;
  render(<FailureScreen words={words} error={error} />, clear());
}

try {
  const app = createApp({
    openLine: browserLine(socketUrl(location.origin)),
    clock: systemClock,
    store: createStore(browserAreas),
    view: window,
  });
  surviveTranslation(document.body);
  options.debounceRendering = onceAFrame;
  watchPage(window, faults, () => app.toasts.show({ about: "page-failed" }));
  app.start();
  render(
    <Guarded words={() => app.language.words.value} failed={(error) => faults.heard("screen", error)}>
      <AppView app={app} />
    </Guarded>,
    clear(),
  );
  keepFocus(document, () => document.getElementById("conversation"));
} catch (error) {
  faults.heard("start", error);
  showFailure(error);
}
