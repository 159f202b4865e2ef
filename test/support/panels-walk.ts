/** The panels beside the conversation, and the sheet of the search, for the walk over all screens. */
import type { Visitor } from "./browser.ts";
import type { walker } from "./walk.ts";

type Walk = ReturnType<typeof walker>["walk"];
const DESK = { width: 1_280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** @param word of a message of the room on screen. Ends on a phone, with the search open. */
export async function walkPanels({ page }: Pick<Visitor, "page">, walk: Walk, word: string): Promise<void> {
  const field = page.locator(".search input:focus");
  const hit = page.locator(".search-hit").first();
  await page.setViewportSize(DESK);
  await walk("people-panel", async () => {
    await page.locator(".people-open").click();
    await page.locator(".panel .person").first().waitFor();
  });
  await page.setViewportSize(DESK);
  await page.locator(".panel-head .icon-button").click();
  await walk("search-panel", async () => {
    await page.locator(".search-open").click();
    await field.waitFor();
    await page.keyboard.type(word);
    await hit.waitFor();
  });
  await page.setViewportSize(DESK);
  await page.locator(".panel .search input").focus();
  await page.keyboard.press("Escape");
  await page.setViewportSize(PHONE);
  await walk("search", async () => {
    await page.locator(".search-open").click();
    await field.waitFor();
    await hit.waitFor();
  });
  await walk(
    "search: nothing",
    async () => {
      await page.keyboard.type("words of nobody");
      await page.getByText("No message here has these words.").waitFor();
    },
    "search",
  );
}
