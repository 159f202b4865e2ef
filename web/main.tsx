/** Where the client begins: the browser's parts, the state made of them, and the page that shows it. */
import { options, render } from "preact";
import { systemClock } from "./clock.ts";
import { AppView } from "./components/app.tsx";
import { browserLine } from "./line.ts";
import { onceAFrame } from "./once-a-frame.ts";
import { createApp } from "./state/app.ts";
import { createStore } from "./state/storage.ts";
import { socketUrl } from "./urls.ts";

const app = createApp({
  openLine: browserLine(socketUrl(location.origin)),
  clock: systemClock,
  local: createStore(() => localStorage),
  tab: createStore(() => sessionStorage),
  view: window,
});
options.debounceRendering = onceAFrame;
app.start();
render(<AppView app={app} />, document.body);
