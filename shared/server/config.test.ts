import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

test("limits of HTTP are changed by name, each that is named", () => {
  expect(loadConfig({}).httpRates).toEqual([]);
  expect(loadConfig({ SUDA_HTTP_LIMITS: "login_ip:5, signup_ip:1000" }).httpRates).toEqual([
    ["login_ip", 5],
    ["signup_ip", 1_000],
  ]);
});

test.each(["logins:5", "login_ip", "login_ip:0", "login_ip:-1", "login_ip:x", "__proto__:5"])(
  "%j is no limit, and all mistakes are told together",
  (raw) => {
    const wrong = () => loadConfig({ SUDA_HTTP_LIMITS: raw, SUDA_PORT: "none", SUDA_TYPO: "1" });
    expect(wrong).toThrow(/SUDA_HTTP_LIMITS: expected name:count/);
    expect(wrong).toThrow(/SUDA_PORT[\s\S]*SUDA_TYPO: no such setting/);
  },
);
