import { expect, test } from "vitest";
import type { ApiProblem } from "../sync/api.ts";
import { createReportList } from "./reports.ts";
import type { Notification } from "./toasts.ts";

const ANN = { id: "ann", nickname: "Ann" };
const REPORT = {
  ...{ id: "r1", at: 1, room: "lobby", seq: 7, author: ANN, reporter: null, reason: "rude" },
  ...{ text: "you fool", saidAt: 1, saidAs: null },
};
const said = (room: string, seq: number, text: string) =>
  ({ type: "message", room, seq, at: 1, user: ANN, clientId: "c", text }) as const;

function setUp(problem?: ApiProblem) {
  const notifications: Notification[] = [];
  let closed = 0;
  const reports = createReportList({
    api: {
      reports: async () => ({ ok: true, value: { reports: [REPORT], more: false } }),
      event: async (room, seq) => ({
        ok: true,
        value: { events: [said(room, 7, `text of ${seq}`)], more: false },
      }),
    },
    more: {
      actOnReport: async () => (problem ? { ok: false, problem } : { ok: true, value: undefined }),
      context: async (room, seq) =>
        problem
          ? { ok: false, problem }
          : { ok: true, value: { events: [said(room, seq, "x")], more: false } },
    },
    notify: (notification) => notifications.push(notification),
    closed: () => closed++,
  });
  return { reports, notifications, closed: () => closed };
}

test("a report that was seen to is gone, also when another moderator was first, and the count is asked again", async () => {
  for (const problem of [undefined, { code: "not_found" } as const]) {
    const { reports, closed } = setUp(problem);
    await reports.load();
    expect(reports.items.value).toHaveLength(1);
    await reports.act("r1", { act: "dismiss" });
    expect([reports.items.value, closed()]).toEqual([[], 1]);
  }
});

test("an act that was refused leaves the report, and says so", async () => {
  const { reports, notifications } = setUp({ code: "forbidden" });
  await reports.load();
  await reports.act("r1", { act: "ban" });
  expect(reports.items.value).toHaveLength(1);
  expect(notifications).toEqual([{ about: "problem", code: "forbidden" }]);
});

test("a reported message can be looked at while it exists, and what is around it where it may be read", async () => {
  const { reports } = setUp();
  expect(await reports.textOf("lobby", 7)).toEqual({ text: "text of 7" });
  expect(await reports.textOf("lobby", 8)).toEqual({ text: undefined });
  expect(await reports.context("lobby", 7)).toHaveLength(1);
  expect(await setUp({ code: "no_such_room" }).reports.context("lobby", 7)).toEqual([]);
});
