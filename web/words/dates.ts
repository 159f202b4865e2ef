/**
 * Formats of dates and times: the words of the page's language, with the clock and the order of the browser's region. So
 * `en-GB` and `de-DE` read 17:52 where `en-US` reads 5:52 PM, also on a page in English.
 */

export type Dates = Record<"time" | "day" | "dayAndTime" | "full", Intl.DateTimeFormat>;

/** @param browser the browser's first language; an invalid tag counts as none. @param clock of 12 or 24 hours; by default the region's. */
export function datesIn(language: string, browser: string | undefined, clock = "region"): Dates {
  const inRegion = regional(language, browser);
  const tag =
    clock === "region" ? inRegion : new Intl.Locale(inRegion, { hourCycle: clock === "12" ? "h12" : "h23" });
  return {
    time: new Intl.DateTimeFormat(tag, { timeStyle: "short" }),
    day: new Intl.DateTimeFormat(tag, { dateStyle: "full" }),
    dayAndTime: new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }),
    full: new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "medium" }),
  };
}

function regional(language: string, browser: string | undefined): Intl.Locale {
  const own = new Intl.Locale(language);
  try {
    const theirs = new Intl.Locale(browser ?? language);
    const { region = own.region } = theirs.maximize();
    const { hourCycle } = new Intl.DateTimeFormat(theirs, { timeStyle: "short" }).resolvedOptions();
    return new Intl.Locale(language, { ...(region ? { region } : {}), ...(hourCycle ? { hourCycle } : {}) });
  } catch {
    return own;
  }
}
