import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { createFakeClock } from "../sync/clock.fake.ts";
import type { Chat } from "./chat.ts";
import { createForms } from "./forms.ts";
import type { Session } from "./session.ts";

test.each([
  ["missing", 1],
  ["joining", 0],
] as const)("a new room that is %s once the page is there is joined %i times more", async (state, times) => {
  let joins = 0;
  const room = { state: signal(state), join: () => void joins++ };
  const went: string[] = [];
  const { newRoom } = createForms({
    clock: createFakeClock(),
    session: {} as Session,
    rooms: { create: async () => undefined },
    route: { go: (name) => void went.push(name) },
    chat: { room: signal(room) } as unknown as Pick<Chat, "room">,
  });
  await newRoom.submit({ name: "tea", title: "Tea" });
  expect([went, joins]).toEqual([["tea"], times]);
});
