/** The device of a request: its address and user agent, and a name for it that people know ("Chrome on Android"). */

export type Device = { ip: string; userAgent: string };

const USER_AGENT_CHARS = 300;

/** @returns the part of a `user-agent` header that is stored: its printable characters, up to a length. */
export const userAgentOf = (header: string): string =>
  header.replace(/[\p{C}\ufffd]/gu, "").slice(0, USER_AGENT_CHARS);

/** The first match counts: browsers also name those they descend from, so descendants come first. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b|\bOPiOS\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bWhale\//, "Whale"],
  [/\bKAKAOTALK\b/i, "KakaoTalk"],
  [/\bNAVER\(/, "Naver"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bYaBrowser\//, "Yandex Browser"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bHeadlessChrome\//, "Headless Chrome"],
  [/\bChrome\/|\bCriOS\/|\bChromium\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
  [/\bcurl\//, "curl"],
  [/\bk6\//i, "k6"],
  [/\bnode\b/i, "Node.js"],
  [/\bpython\b/i, "Python"],
  [/\bGo-http-client\//, "Go"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b|\bMac OS X\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

const nameIn = (names: readonly (readonly [RegExp, string])[], userAgent: string): string | undefined =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1];

/** Empty for an unknown user agent; the page then uses words of its own. */
export function deviceName(userAgent: string): string {
  const browser = nameIn(BROWSERS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? "");
}
