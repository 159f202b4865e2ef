/** The entry point of the client: builds the state and renders the page. Shows a failure at the start too. */
import { options, render } from "preact";
import { AppView } from "./components/app.tsx";
import { FailureScreen } from "./components/ui/failure-screen.tsx";
import { Guarded } from "./components/ui/guarded.tsx";
import { forgetRenders } from "./page/forget-renders.ts";
import { keepFocus } from "./page/keep-focus.ts";
import { onceAFrame } from "./page/once-a-frame.ts";
import { createPageFaults, watchPage } from "./page/page-faults.ts";
import { surviveTranslation } from "./page/survive-translation.ts";
import { createApp } from "./state/app.ts";
import { systemClock } from "./sync/clock.ts";
import { browserAreas, createStore, likelyOwner, preferred } from "./sync/storage.ts";
import { browserTransport, isAddressRefused } from "./sync/transport.ts";
import { API, PREFIX, socketUrl } from "./sync/urls.ts";
import { failureEn, failureKo } from "./words/failure.ts";
import { languageFor } from "./words/languages.ts";
import { loadWords } from "./words/load-words.ts";

const faults = createPageFaults((fault) => {
  const request = { method: "POST", headers: { "content-type": "application/json" }, keepalive: true };
  fetch(PREFIX + API.clientErrors, { ...request, body: JSON.stringify(fault) }).catch(() => undefined);
});

/** Removes everything from the page: the note for a late start, or a page that failed. */
function clear(): HTMLElement {
  document.body.replaceChildren();
  return document.body;
}

/** Uses no state, because there may be none. */
function showFailure(error: unknown) {
  const words = navigator.language.startsWith("ko") ? failureKo : failureEn;
  render(<FailureScreen words={words} error={error} />, clear());
}

async function start() {
  try {
    const store = createStore(browserAreas);
    const chosen = preferred(store, "language", likelyOwner(store));
    const language = languageFor(chosen, navigator.languages);
    const app = createApp({
      first: { language, words: await loadWords(language) },
      openTransport: browserTransport(socketUrl(location.origin)),
      isRefused: isAddressRefused,
      clock: systemClock,
      store,
      view: window,
    });
    surviveTranslation(document.body);
    options.debounceRendering = onceAFrame;
    forgetRenders(options);
    watchPage(window, faults, () => app.toasts.show({ about: "page-failed" }));
    app.start();
    render(
      <Guarded words={() => app.language.words.value} failed={(error) => faults.report("screen", error)}>
        <AppView app={app} />
      </Guarded>,
      clear(),
    );
    keepFocus(document, () => document.getElementById("conversation"));
  } catch (error) {
    faults.report("start", error);
    showFailure(error);
  }
}

// In a browser that is too old the notice stays (browser-check.ts).
if (document.documentElement.dataset.browser !== "old") void start();
