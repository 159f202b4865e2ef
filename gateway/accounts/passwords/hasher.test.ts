import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Refusal } from "../../errors.ts";
import { createPasswords, type Passwords } from "./hasher.ts";
import { checkPassword } from "./policy.ts";

let passwords: Passwords;
beforeAll(() => {
  passwords = createPasswords();
});
afterAll(() => passwords.close());

const ok = (value: string) => ({ ok: true, value });
const refused = (code: string) => ({ ok: false, code });

test("beyond those guessed first only the length of a password matters, in code points", () => {
  expect(checkPassword("aaaaaaa")).toEqual(refused("too_short"));
  expect(checkPassword("aaaaaaab")).toEqual(ok("aaaaaaab"));
  expect(checkPassword("a".repeat(64))).toEqual(ok("a".repeat(64)));
  expect(checkPassword("비밀번호비밀번호")).toEqual(ok("비밀번호비밀번호"));
  expect(checkPassword("😀".repeat(7))).toEqual(refused("too_short"));
  expect(checkPassword("😀".repeat(128))).toEqual(ok("😀".repeat(128)));
  expect(checkPassword("a".repeat(129))).toEqual(refused("too_long"));
  expect(checkPassword("  spaces  ")).toEqual(ok("  spaces  "));
});

test("a hash is Argon2id at the least that OWASP recommends, salted anew each time", async () => {
  const [one, two] = [await passwords.hash("correct horse"), await passwords.hash("correct horse")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, "correct horse")).toBe(true);
  expect(await passwords.verify(one, "correct hors")).toBe(false);
});

test("nobody's password is never right, and takes as long as somebody's", async () => {
  const hash = await passwords.hash("correct horse");
  // CPU time, the hashing thread's included, because wall time would include other processes.
  const timed = async (given: string | undefined): Promise<number> => {
    const start = process.cpuUsage();
    expect(await passwords.verify(given, "wrong horse")).toBe(false);
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  const somebody: number[] = [];
  const nobody: number[] = [];
  for (let n = 0; n < 9; n++) {
    somebody.push(await timed(hash));
    nobody.push(await timed(undefined));
  }
  // The minimum of each, because a longer time includes other work of the process.
  const ratio = Math.min(...nobody) / Math.min(...somebody);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test("a log-in beyond the queue is refused at once and told when to come back", async () => {
  const asked = Array.from({ length: 30 }, () => passwords.hash("correct horse"));
  expect(passwords.refuseWhenFull).toThrow(Refusal);
  const settled = await Promise.allSettled(asked);
  const refusals = settled.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  expect(refusals).toHaveLength(14);
  for (const { reason } of refusals) {
    expect(reason).toBeInstanceOf(Refusal);
    expect(reason).toMatchObject({ code: "too_many_attempts", details: { retryAfterMs: 1_000 } });
  }
  expect(await passwords.hash("correct horse")).toContain("$argon2id$");
});

test.runIf(process.platform === "linux")("hashing has a lower priority than the event loop", async () => {
  await passwords.hash("correct horse");
  const niceness = readdirSync("/proc/self/task").map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    return [Number(thread), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16])] as const;
  });
  const own = niceness.find(([thread]) => thread === process.pid)?.[1];
  expect(niceness.some(([, nice]) => nice === 10)).toBe(true);
  expect(own).toBeLessThan(10);
});

test.each([
  "password",
  "12345678",
  "qwertyuiop",
  "PassWord1",
  "00000000",
  "aaaaaaaa",
  "123123123",
  "football",
])("%j is guessed first, and refused", (password) => {
  expect(checkPassword(password)).toEqual(refused("too_common"));
});

test("there are at the least three thousand of those, and each is one that the length would allow", () => {
  const lines = readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  expect(new Set(lines).size).toBeGreaterThanOrEqual(3_000);
  expect(lines.filter((line) => line.length < 8 || line !== line.toLowerCase())).toEqual([]);
});

test("one's own address is no password, nor one's nickname", () => {
  const own = ["Ana@example.com", "Ana of the hill"];
  for (const word of own) expect(checkPassword(word.toUpperCase(), own)).toEqual(refused("too_common"));
  expect(checkPassword("Ana of the hills", own).ok).toBe(true);
});
