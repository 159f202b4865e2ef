import { expect, test } from "vitest";
import { createNotices } from "./notices.ts";

const SCOPE = "https://example.org/chat/";
const MESSAGE = {
  to: "ana",
  room: "tea",
  title: "Tea",
  seq: 7,
  at: 1,
  kind: "mention",
  author: "Ben",
  count: 1,
};

function openCase(focused = false, pages = 1) {
  const acts: string[] = [];
  const shown = new Map<string, number>();
  const page = {
    url: `${SCOPE}r/tea`,
    focused,
    focus: async () => void acts.push("focus"),
    postMessage: (message: unknown) => void acts.push(JSON.stringify(message)),
  };
  const registration = {
    scope: SCOPE,
    showNotification: async (title: string, { body, tag }: NotificationOptions) =>
      void acts.push([title, body, tag].join("|")),
  };
  const notices = createNotices({
    registration: registration as unknown as ServiceWorkerRegistration,
    clients: {
      claim: async () => undefined,
      matchAll: async () => [{ ...page, url: "https://example.org/other" }, page].slice(0, pages + 1),
      openWindow: async (url) => void acts.push(url),
    },
    database: {
      get: async ([name, room = ""]) => (name === "shown" ? shown.get(room) : "ana"),
      put: async ([, room = ""], seq) => shown.set(room, Number(seq)),
    },
    language: "en-GB",
  });
  return { notices, acts };
}

test("a message is shown with its room, and without its text where that is hidden", async () => {
  const { notices, acts } = openCase();
  await notices.show({ ...MESSAGE, text: "hello" });
  await notices.show({ ...MESSAGE, seq: 8, count: 3 });
  await notices.show({ ...MESSAGE, seq: 9, direct: true, text: "psst" });
  expect(acts).toEqual([
    "Ben · Tea|hello|room tea",
    "Ben · Tea|A message is for you.\n3 new|room tea",
    "Ben|psst|room tea",
  ]);
});

test("a notification is in the language that its person reads here", async () => {
  const { notices, acts } = openCase();
  await notices.show({ ...MESSAGE, language: "ko", count: 2 });
  await notices.show({ ...MESSAGE, seq: 8, kind: "message" });
  expect(acts).toEqual([
    "Ben · Tea|나를 부른 메시지가 있어요.\n새 알림 2개|room tea",
    "Ben · Tea|A new message.|room tea",
  ]);
});

test("nothing is shown to another user of the browser, beside a page with the focus, or of an unknown form", async () => {
  const { notices, acts } = openCase();
  await notices.show({ ...MESSAGE, to: "ben" });
  for (const odd of [undefined, 5, "x", {}, { ...MESSAGE, seq: "7" }]) await notices.show(odd);
  const inFront = openCase(true);
  await inFront.notices.show(MESSAGE);
  expect([...acts, ...inFront.acts]).toEqual([]);
});

test("a message is shown once, whether by a page or by the push of it, and none that is older", async () => {
  const { notices, acts } = openCase();
  for (const seq of [7, 7, 6]) await notices.show({ ...MESSAGE, seq });
  await notices.show({ ...MESSAGE, room: "cake", seq: 2 });
  expect(acts.map((act) => act.split("|")[2])).toEqual(["room tea", "room cake"]);
});

test("a click leads to the message, in a page that is open or in a new one", async () => {
  const [open, closed] = [openCase(), openCase(false, 0)];
  for (const { notices } of [open, closed])
    await notices.open({ data: { room: "tea", seq: 7 }, close: () => undefined });
  expect(open.acts).toEqual(["focus", '{"open":{"room":"tea","seq":7}}']);
  expect(closed.acts).toEqual([`${SCOPE}r/tea#m7`]);
});
