/** Names that are also properties of every object must be treated like any other name from outside. */
import { expect, test } from "vitest";
import type { FrameCode } from "../../shared/codes.ts";
import type { FieldCode } from "../../shared/http-api.ts";
import { own } from "../../shared/own.ts";
import { canTryAgain } from "../sync/outbox-entry.ts";
import { en } from "../words/en.ts";
import { fieldSentence, noticeSentence, problemSentence, refusalSentence } from "../words/sentences.ts";
import { createFakeChat, joined, message, welcome } from "./chat.fake.ts";
import { createDrafts } from "./drafts.ts";
import { openFakePage } from "./kept.fake.ts";

const NAMES = [Object, Function, Array].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype));

test("a room of any name has its own draft, also after a reload", () => {
  const { tab, kept } = openFakePage();
  const load = () => createDrafts(openFakePage(tab).kept);
  const drafts = createDrafts(kept);
  for (const name of NAMES) expect(drafts.of(name)).toBe("");
  for (const name of NAMES) drafts.keep(name, `for ${name}`);
  const reloaded = load();
  for (const name of NAMES) expect(reloaded.of(name)).toBe(`for ${name}`);
  for (const name of NAMES) reloaded.keep(name, "");
  for (const name of NAMES) expect(load().of(name)).toBe("");
});

test("there is a sentence for every code of a newer server", () => {
  for (const name of NAMES) {
    const code = name as FrameCode & FieldCode;
    expect(refusalSentence(en, code)).toBe(en.refusals.invalid);
    expect(problemSentence(en, code as never)).toBe(en.problems.invalid);
    expect(fieldSentence(en, "email", code)).toBe(en.fieldProblems.bad_format);
    expect(own(en.moderation.roles, name)).toBeUndefined();
    const notice = {
      type: "notice",
      room: "lobby",
      seq: 1,
      at: 1,
      user: { id: "u", nickname: "Ann" },
    } as const;
    expect(noticeSentence(en, { ...notice, code: name })).toBe(en.notices.other);
    expect(canTryAgain({ clientId: "c", room: "lobby", at: 1, text: "x", state: "failed", code })).toBe(
      false,
    );
  }
});

test("in rooms of any name people of any id and name write messages of any client id", () => {
  for (const name of NAMES) {
    const page = createFakeChat();
    page.room.value = name;
    page.chat.welcome(welcome({ user: { id: name, nickname: name, role: "user" } }));
    page.hears(joined({ room: name, epoch: name }));
    page.hears(
      message(1, { room: name, user: { id: `${name}2`, nickname: name }, clientId: name, text: name }),
    );
    page.chat.write(name);
    const sent = page.sent.find((frame) => frame.type === "send");
    expect(sent).toMatchObject({ room: name, text: name });
    page.hears({ type: "ack", room: name, clientId: sent?.clientId ?? "", seq: 2 });
    expect(page.shown()).toEqual([name]);
    expect(page.chat.entries.value).toMatchObject([{ room: name, state: "sent", seq: 2 }]);
    page.hears({ type: "typing", room: name, user: { id: "else", nickname: name } });
    expect(page.chat.typists.value).toMatchObject([{ nickname: name }]);
  }
});
