import { expect, test } from "vitest";
import { datesIn } from "./dates.ts";

const AT = new Date(2026, 10, 28, 17, 52).getTime();
const formatted = (language: string, browser?: string) => {
  const { time, day, full } = datesIn(language, browser);
  return [time, day, full].map((format) => format.format(AT).replaceAll(/\s/g, " "));
};

test("a chosen clock comes before the region's", () => {
  const at = (language: string, browser: string, clock: string) =>
    datesIn(language, browser, clock).time.format(AT).replaceAll(/\s/g, " ");
  expect(at("en", "en-US", "24")).toBe("17:52");
  expect(at("ko", "ko-KR", "24")).toBe("17:52");
  expect(at("ko", "de-DE", "12")).toBe("오후 5:52");
  expect(at("en", "en-US", "region")).toBe("5:52 PM");
});

test("the page's language decides the words, the browser's locale the clock and the order", () => {
  expect(formatted("en", "en-GB")[0]).toBe("17:52");
  expect(formatted("en", "de-DE")[0]).toBe("17:52");
  expect(formatted("ko", "de-DE")[0]).toBe("17:52");
  expect(formatted("en", "en-US")[0]).toBe("5:52 PM");
  expect(formatted("ko", "ko-KR")[0]).toBe("오후 5:52");
  expect(formatted("ko", "en-US")[0]).toBe("오후 5:52");
  expect(formatted("en", "fr")[0]).toBe("17:52");
  expect(formatted("en", "de-DE")[1]).toMatch(/^Saturday,? 28 November 2026$/);
  expect(formatted("en", "en-US")[1]).toBe("Saturday, November 28, 2026");
  expect(formatted("ko", "en-GB")[1]).toBe("2026년 11월 28일 토요일");
  expect(formatted("en", "de-DE")[2]).toMatch(/^28 November 2026.*17:52:00$/);
});

test("a browser that names no language, or what is no tag, gets the page's own customs", () => {
  for (const odd of [undefined, "", "C", "en-US@posix", "*", "x", "constructor"]) {
    expect(formatted("en", odd)).toEqual(formatted("en", "en"));
    expect(formatted("ko", odd)).toEqual(formatted("ko", "ko"));
  }
});
