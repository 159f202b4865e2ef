/** Sentences that depend on a code of the server, which may be newer than this page. */
import type { FrameCode } from "../../shared/codes.ts";
import type { FieldCode, FieldName, PlacedProblem, RoomRole } from "../../shared/http-api.ts";
import { own } from "../../shared/own.ts";
import type { NoticeEvent } from "../../shared/server-frames.ts";
import type { PreparedText } from "../../shared/text.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Dates } from "./dates.ts";
import type { Words } from "./words.ts";

/** Why a field is refused, by the page or by the server. */
export type FieldProblem = FieldCode | PlacedProblem;

/** Why a text cannot be sent; `too_big`: too many bytes in few characters. */
export type WritingProblem = Extract<PreparedText, { ok: false }>["code"] | "too_big";

export const problemSentence = (words: Words, code: ApiProblem["code"]): string =>
  own(words.problems, code) ?? words.problems.invalid;

export const refusalSentence = (words: Words, code: FrameCode): string =>
  own(words.refusals, code) ?? words.refusals.invalid;

/** Why the draft cannot be sent. */
/** @param excess the characters beyond the limit. */
export const writingSentence = (words: Words, problem: WritingProblem, excess: number): string =>
  ({
    too_long: words.tooLong(excess),
    too_big: words.tooBig,
    empty: words.refusals.empty,
    invalid: words.notWritable,
  })[problem];

/** Why a message was not deleted. */
export const deletionSentence = (words: Words, code: FrameCode): string =>
  `${words.notDeleted} ${code === "forbidden" ? words.mayNotDelete : refusalSentence(words, code)}`;

export function typingSentence({ typing }: Words, nicknames: readonly string[]): string {
  const [one, other] = nicknames.map(isolated);
  if (one === undefined) return "";
  if (other === undefined) return typing.one(one);
  return nicknames.length === 2 ? typing.two(one, other) : typing.several;
}

/** Isolates a name of any script, so that it does not change the direction of the sentence around it. */
export const isolated = (name: string) => `\u2068${name}\u2069`;

export function fieldSentence(words: Words, field: FieldName, code: FieldProblem): string {
  if (code === "bad_credentials") return words.account.wrongPassword;
  if (isTaken(code)) return words.problems[code];
  return (
    own(words.fieldProblems, `${field} ${code}`) ??
    own(words.fieldProblems, code) ??
    words.fieldProblems.bad_format
  );
}

const isTaken = (code: FieldProblem): code is Exclude<FieldProblem, FieldCode> => code.endsWith("_taken");

/** The sentence of a notice; a general one when the notice is too old to name anybody. */
export function noticeSentence(words: Words, notice: NoticeEvent): string {
  const { code, user, before, until, at, reason = "", role, slowModeMs, text } = notice;
  const { notices, roles } = words.moderation;
  const name = user && isolated(user.nickname);
  if (code === "renamed") {
    return name && before ? notices.renamed(isolated(before), name) : words.notices.renamed;
  }
  if (code === "muted") {
    return name && until ? notices.muted(name, words.span(until - at), reason) : words.notices.muted;
  }
  if (code === "room_closed" && name) return words.closing.notices.closed(name);
  if (code === "room_reopened" && name) return words.closing.notices.reopened(name);
  if (code.startsWith("member_") && name) return circleSentence(words, code, name, notice.roomRole);
  if (code === "role" && name && role) return notices.role(name, own(roles, role) ?? role);
  if ((code === "pinned" || code === "unpinned") && name) return notices[code](name);
  if (code === "announcement" && name && text) return notices.announced(name, isolated(text));
  if (code !== "slow_mode") return words.notices.other;
  if (name === undefined || slowModeMs === undefined) return words.notices.slow_mode;
  return slowModeMs === 0 ? notices.slowOff(name) : notices.slowOn(name, words.span(slowModeMs));
}

function circleSentence({ circle, notices }: Words, code: string, name: string, role?: RoomRole): string {
  if (code === "member_joined") return circle.joined(name);
  if (code === "member_left") return circle.left(name);
  if (code === "member_removed") return circle.removed(name);
  return role ? circle.role(name, own(circle.roles, role) ?? role) : notices.other;
}

/** A restriction, with its reason if there is one. */
export const restrictionSentence = (until: string, reason: string): string =>
  reason === "" ? until : `${until} (${isolated(reason)})`;

/** Why the person may not write, and until when. `reason`: a code of ours, or a moderator's text. */
type Restricted = { reason: string; secondsLeft: number; until: number };
/** From here on an end is named with its day. */
const DAY_NAMED_S = 12 * 3_600;

export function restrictedSentence(
  words: Words,
  { reason, secondsLeft, until }: Restricted,
  dates: Dates,
): string {
  const { duration, restricted } = words;
  const time = duration(secondsLeft);
  if (reason === "too_new") return restricted.tooNew(time);
  if (reason === "spam") return restricted.spam(time);
  const end = dates[secondsLeft < DAY_NAMED_S ? "time" : "dayAndTime"].format(until);
  return restricted.muted(time, reason === "muted" ? "" : isolated(reason), end);
}

/** In the field, in place of what would be written. */
export const restrictedField = (
  { duration, restricted }: Words,
  { reason, secondsLeft }: Restricted,
): string => restricted[reason === "too_new" ? "fieldTooNew" : "field"](duration(secondsLeft));
