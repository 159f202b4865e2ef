/**
 * `npm run screenshots -- --out FOLDER`: pictures of the screens, on a phone and on a desktop, light and dark, in Korean and in English,
 * from a cluster of its own with a conversation in it. Needs Chromium.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startLocalCluster } from "../load-tests/support/local-cluster.ts";
import { SCENES } from "./screenshots/scenes.ts";
import { fillWithTalk } from "./screenshots/talk.ts";
import { launchBrowser, visit } from "./support/browser.ts";

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };
const LOCALES = { ko: "ko-KR", en: "en-GB" };
const SCHEMES = ["light", "dark"] as const;

const { values } = parseArgs({
  options: { out: { type: "string", default: "screenshots" }, only: { type: "string", default: "" } },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const cluster = await startLocalCluster({ gateways: 2 });
const browser = await launchBrowser();
try {
  const talk = await fillWithTalk(cluster);
  for (const [language, locale] of Object.entries(LOCALES))
    for (const [device, viewport] of Object.entries(SIZES))
      for (const colorScheme of SCHEMES)
        for (const [name, show] of Object.entries(SCENES)) {
          const file = `${name}-${device}-${language}-${colorScheme}.png`;
          if (!file.includes(values.only)) continue;
          const hasTouch = device === "phone";
          const visitor = await visit(browser, cluster.url, {
            locale,
            viewport,
            colorScheme,
            hasTouch,
            serviceWorkers: "allow",
            isMobile: hasTouch,
          });
          await show(visitor, talk, { isPhone: hasTouch });
          await visitor.page.screenshot({ path: join(out, file) });
          await visitor.close();
          process.stdout.write(`${file}\n`);
        }
} finally {
  await browser.close();
  await cluster.stop();
}
