import { expect, it } from "vitest";
import { optionsToFind, readStartOptions, urlOf } from "./options.ts";

it("without options: three gateways on loopback, port 8080, limits on", () => {
  const { data, ...rest } = readStartOptions([]);
  expect(rest).toEqual({ gateways: 3, port: 8080, host: "127.0.0.1", fresh: false, limits: true });
  expect(data).toMatch(/\.suda$/);
  expect(optionsToFind({ data })).toBe("");
});

it("another data folder has to be named to the commands", () => {
  expect(optionsToFind(readStartOptions(["--data", "/tmp/other"]))).toBe(" --data /tmp/other");
});

it.each([
  [["--gateways", "0"], "--gateways"],
  [["--gateways", "2.5"], "--gateways"],
  [["--port", "70000"], "--port"],
  [["--limits", "maybe"], "--limits"],
  [["--gatways", "3"], "--gatways"],
])("%j is refused by name", (args, name) => {
  expect(() => readStartOptions(args)).toThrow(name);
});

it.each(["0.0.0.0", "::", "192.0.2.7"])(
  "limits cannot be lifted for a cluster that listens on %s",
  (host) => {
    expect(() => readStartOptions(["--limits", "off", "--host", host])).toThrow("loopback");
  },
);

it.each(["127.0.0.1", "127.0.0.2", "::1", "localhost"])("limits can be lifted on %s", (host) => {
  expect(readStartOptions(["--limits", "off", "--host", host]).limits).toBe(false);
});

it.each([
  ["0.0.0.0", "http://127.0.0.1:8080"],
  ["::1", "http://[::1]:8080"],
  ["chat.local", "http://chat.local:8080"],
])("a cluster on %s is opened at %s", (host, url) => {
  expect(urlOf({ host, port: 8080 })).toBe(url);
});
