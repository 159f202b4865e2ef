import { expect, test } from "vitest";
import { clientIp, ipKey } from "./client-ip.ts";

test("the address is what nginx says, else the socket's", () => {
  expect(clientIp("203.0.113.9", "127.0.0.1")).toBe("203.0.113.9");
  expect(clientIp("2001:db8::1", "127.0.0.1")).toBe("2001:db8::1");
  expect(clientIp("", "127.0.0.1")).toBe("127.0.0.1");
});

test.each(["x", "1.2.3", "1.2.3.4, 5.6.7.8", "999.1.1.1", "'; drop table"])("%j is no address", (header) => {
  expect(clientIp(header, "127.0.0.1")).toBe("127.0.0.1");
});

test("an address is written in one way: no zone, no IPv4 in IPv6", () => {
  expect(clientIp("fe80::1%eth0", "127.0.0.1")).toBe("fe80::1");
  expect(clientIp("::ffff:203.0.113.9", "127.0.0.1")).toBe("203.0.113.9");
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002:0000:0000:0000:0009", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b::203.0.113.9", "64:ff9b:0:0::/64"],
])("%s counts as %s", (ip, key) => {
  expect(ipKey(ip)).toBe(key);
});
