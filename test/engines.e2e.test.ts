/** The main path of the page in the engines of Chrome, Firefox and Safari. One that is not installed is left out. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../shared/until.ts";
import { enter, type TestClient } from "./support/client.ts";
import { ENGINES, type Tab, whyNot } from "./support/engines.ts";
import { watchJumps } from "./support/scrolling.ts";
import { useCluster } from "./support/use-cluster.ts";

const { cluster, user } = useCluster({ gateways: 2 }, 1);
const PATIENT = { withinMs: 60_000 };
let talker: TestClient;
let said = 0;
let tab: Tab | undefined;

beforeAll(async () => {
  talker = await enter(cluster().url, { token: user(0).accessToken });
  await say(130);
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

/** @returns the text of the last message, once all are acknowledged. */
async function say(count: number): Promise<string> {
  const before = talker.all("ack").length;
  for (let i = 0; i < count; i++) {
    said += 1;
    talker.say({ type: "send", room: "lobby", clientId: `said-${said}`, text: `말 ${said}` });
  }
  await talker.until("acknowledgements", () => talker.all("ack").length >= before + count);
  return `말 ${said}`;
}

for (const engine of ENGINES) {
  const missing = whyNot(engine);
  if (missing) process.stdout.write(`${missing}\n`);

  test.skipIf(missing)(`a person signs up, talks and reads back in ${engine.name}`, async () => {
    const page = await engine.open();
    tab = page;
    const shows = (expression: string) =>
      until(expression, () => page.read<boolean>(`Boolean(${expression})`), PATIENT);
    const count = (selector: string) => `document.querySelectorAll('${selector}').length`;
    const last = `[...document.querySelectorAll(".bubble")].at(-1)?.innerText`;
    const live = count('[data-connection="live"]');
    const toNewest = `document.querySelector(".to-newest")`;

    await page.goto(cluster().url);
    await shows(live);
    await page.click(".composer.guest .primary");
    await page.click("[role=tab]:nth-of-type(2)");
    await page.type("input[name=email]", `${crypto.randomUUID()}@example.com`);
    await page.type("input[name=password]", "바른 말 고운 말 9");
    await page.type("input[name=nickname]", engine.name);
    await page.pressEnter("input[name=nickname]");
    await shows(count(".composer:not(.guest) #message"));
    await shows(live);

    await page.reload();
    await shows(`${count(".composer:not(.guest) #message")} && ${live}`);
    await shows(`${last} === "${await say(3)}"`);

    const shown = await page.read<number>(count(".bubble"));
    await page.read(`(window.watch = (${watchJumps})(document.querySelector(".log"))).jump`);
    await page.read(`document.querySelector(".log").scrollBy(0, -1e6)`);
    await shows(`${count(".bubble")} > ${shown}`);
    expect(await page.read("window.watch.jump")).toBe(0);

    await say(36);
    await shows(`${toNewest}.innerText.includes("36")`);
    expect(await page.read("window.watch.jump")).toBe(0);
    await page.click(".to-newest");
    await shows(`${last} === "말 ${said}" && !${toNewest}`);

    await page.type("#message", `안녕, ${engine.name}`);
    await shows(count(".send:enabled"));
    await page.pressEnter("#message");
    await talker.until("the message", () =>
      talker.messages().some(({ text }) => text === `안녕, ${engine.name}`),
    );
    await shows(count('.mine[data-state="sent"]'));
  });
}
