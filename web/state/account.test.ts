import { expect, test } from "vitest";
import type { Answer, ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createAccount } from "./account.ts";
import type { Notification } from "./toasts.ts";

const session = (id: string, current = false) => ({
  id,
  current,
  ip: "127.0.0.1",
  userAgent: "",
  device: "Firefox on Linux",
  createdAt: 1,
  lastSeenAt: 2,
});

function setUp() {
  const server = { problem: undefined as ApiProblem | undefined };
  const asked: string[] = [];
  const notifications: Notification[] = [];
  const learnt: string[] = [];
  const answer = <T>(name: string, value: T): Answer<T> => {
    asked.push(name);
    return server.problem ? { ok: false, problem: server.problem } : { ok: true, value };
  };
  const account = createAccount({
    clock: createFakeClock(),
    notify: (notify) => notifications.push(notify),
    session: {
      updateProfile: ({ nickname = "" }) => learnt.push(nickname),
      closeAccount: async (password) => {
        asked.push(`close ${password}`);
        return server.problem;
      },
    },
    api: {
      rename: async (nickname) =>
        answer("rename", { user: { id: "me", nickname: nickname.trim(), role: "user", email: "a@b.c" } }),
      changePassword: async () => answer("changePassword", undefined),
      sessions: async () => answer("sessions", { sessions: [session("here", true), session("there")] }),
      endSession: async (id) => answer(`end ${id}`, undefined),
      endOtherSessions: async () => answer("end others", undefined),
      connections: async () => answer("connections", { connections: [] }),
    },
  });
  const sessions = () => account.sessions.items.value?.map((each) => each.id);
  return { server, asked, notifications, learnt, account, sessions };
}

test("the name that the server made of it is ours from then on", async () => {
  const { account, learnt, notifications } = setUp();
  expect(await account.rename.submit({ nickname: " 민지 " })).toBe(true);
  expect(learnt).toEqual(["민지"]);
  expect(notifications).toEqual([{ about: "saved" }]);
});

test("a new password must be long enough, the current one only given", async () => {
  const { account, asked } = setUp();
  await account.changePassword.submit({ current: "old", next: "short" });
  expect(account.changePassword.fields.value).toEqual({ next: "too_short" });
  expect(asked).toEqual([]);
  expect(await account.changePassword.submit({ current: "old", next: "quite long" })).toBe(true);
});

test("a wrong password does not close the account", async () => {
  const { account, server } = setUp();
  server.problem = { code: "bad_credentials" };
  expect(await account.close.submit({ password: "guess" })).toBe(false);
  expect(account.close.fields.value).toEqual({ password: "bad_credentials" });
});

test("an ended session leaves the list, also one that had ended before", async () => {
  const { account, server, sessions } = setUp();
  await account.sessions.load();
  server.problem = { code: "unavailable" };
  await account.endSession("there");
  expect(sessions()).toEqual(["here", "there"]);
  server.problem = { code: "not_found" };
  await account.endSession("there");
  expect(sessions()).toEqual(["here"]);
});

test("after all others were ended this one is left", async () => {
  const { account, sessions } = setUp();
  await account.sessions.load();
  await account.endOtherSessions();
  expect(sessions()).toEqual(["here"]);
});

test("a list that could not be loaded says so, and can be asked for again", async () => {
  const { account, server } = setUp();
  server.problem = { code: "unreachable" };
  await account.connections.load();
  expect(account.connections.failed.value).toBe(true);
  server.problem = undefined;
  await account.connections.load();
  expect(account.connections.failed.value).toBe(false);
  expect(account.connections.items.value).toEqual([]);
});
