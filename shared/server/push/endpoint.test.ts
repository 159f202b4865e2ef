import { describe, expect, test } from "vitest";
import { isPublicAddress, isPushEndpoint } from "./endpoint.ts";

describe("an address of a push service", () => {
  test.each([
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QaZ",
    "https://sg2p.notify.windows.com/w/?token=abc",
  ])("%s is accepted", (endpoint) => expect(isPushEndpoint(endpoint, [])).toBe(true));

  test.each([
    "http://fcm.googleapis.com/fcm/send/abc",
    "ftp://fcm.googleapis.com/x",
    "https://user:secret@fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com/x#part",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://[::1]/x",
    "https://[2606:4700::1]/x",
    "https://8.8.8.8/x",
    "https://localhost/x",
    "https://redis/x",
    "https://metadata.google.internal/x",
    "https://printer.local/x",
    "https://suda.localhost/x",
    "not an address",
    "",
    `https://example.com/${"x".repeat(1_000)}`,
  ])("%s is not", (endpoint) => expect(isPushEndpoint(endpoint, [])).toBe(false));

  test("with a list only listed names are, wherever they lead", () => {
    const hosts = ["localhost", "*.push.example.org"];
    expect(isPushEndpoint("https://localhost:8443/x", hosts)).toBe(true);
    expect(isPushEndpoint("https://a.push.example.org/x", hosts)).toBe(true);
    for (const other of [
      "https://push.example.org/x",
      "https://evilpush.example.org/x",
      "https://fcm.googleapis.com/x",
      "http://localhost/x",
    ])
      expect(isPushEndpoint(other, hosts)).toBe(false);
  });
});

describe("an address of the internet", () => {
  test.each(["8.8.8.8", "142.250.1.1", "2606:4700::6810:1", "2a00:1450::1"])("%s is one", (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.8.8.8", "169.254.169.254", "172.31.0.1", "192.168.1.1"],
    ...["198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
    ...["fc00::1", "fe80::1", "ff02::1", "64:ff9b::a00:1", "2001::1", "2001:db8::1", "2002:a00:1::", "", "x"],
  ])("%s is none", (address) => expect(isPublicAddress(address)).toBe(false));
});
