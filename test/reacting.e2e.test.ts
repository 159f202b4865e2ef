/** Two people on two gateways react to messages in Chromium. */
import { expect, test } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const { come, comeElsewhere } = receiveVisitors({ gateways: 2 });

const row = ({ page }: Visitor, text: string) =>
  page.locator(".row").filter({ has: page.locator(".bubble").getByText(text, { exact: true }) });
const chips = (visitor: Visitor, text: string) => row(visitor, text).locator(".reaction");
const seen = async (visitor: Visitor, text: string): Promise<string[]> =>
  chips(visitor, text).evaluateAll((all) =>
    all.map((chip) => `${chip.textContent} ${chip.getAttribute("aria-pressed")}`),
  );
const sees = (visitor: Visitor, text: string, expected: string[]) =>
  expect.poll(() => seen(visitor, text), { timeout: 15_000 }).toEqual(expected);

test("a reaction shows at both, is taken back by a tap, and is the same after a reload", async () => {
  const minji = await come({ viewport: { width: 1_000, height: 700 } });
  await minji.signUp("민지");
  const emile = await comeElsewhere(minji, { viewport: { width: 1_000, height: 700 } });
  await emile.signUp("에밀");
  await minji.say("반응해 주세요");
  await emile.sees("반응해 주세요");
  const { height = 0 } = (await row(minji, "반응해 주세요").boundingBox()) ?? {};

  await row(emile, "반응해 주세요").hover();
  await row(emile, "반응해 주세요").locator(".more").click();
  await emile.actions.getByRole("button", { name: "👍 반응하기" }).click();
  await sees(emile, "반응해 주세요", ["👍 1 true"]);
  await sees(minji, "반응해 주세요", ["👍 1 false"]);
  await chips(minji, "반응해 주세요").click();
  await sees(minji, "반응해 주세요", ["👍 2 true"]);
  await sees(emile, "반응해 주세요", ["👍 2 true"]);

  await emile.page.reload();
  await emile.sees("반응해 주세요");
  await sees(emile, "반응해 주세요", ["👍 2 true"]);
  for (const each of [emile, minji]) await chips(each, "반응해 주세요").click();
  await sees(emile, "반응해 주세요", []);
  await sees(minji, "반응해 주세요", []);
  expect((await row(minji, "반응해 주세요").boundingBox())?.height).toBe(height);
});
