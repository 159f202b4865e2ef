import { expect, test } from "vitest";
import { fullEmoji } from "./emoji.ts";

test("an emoji is counted in its full form", () => {
  expect([..."❤☺👍"].map(fullEmoji)).toEqual(["❤️", "☺️", "👍"]);
  expect(["❤️", "👩🏽‍❤️‍💋‍👨🏿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣"].map(fullEmoji)).toEqual(["❤️", "👩🏽‍❤️‍💋‍👨🏿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣"]);
  expect(["ㅋ", "1", "🇰", "‍", "👍🏽🏽"].map(fullEmoji)).toEqual(Array(5).fill(undefined));
});
