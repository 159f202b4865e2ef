/** One line of an archive: a message as JSON. Owns the form of lines, for imports and exports. */
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { CLIENT_ID, PRIVATE_NAME, ROOM_NAME, TITLE_CHARS } from "../../shared/limits.ts";
import { cleanText, isInvisible, prepareText } from "../../shared/text.ts";

const optional = Type.Optional;
const Line = Type.Object({
  room: Type.String(),
  title: optional(Type.String()),
  /** Milliseconds since the epoch. */
  at: Type.Integer({ minimum: 0 }),
  user: Type.Object({
    id: optional(Type.String()),
    email: optional(Type.String()),
    nickname: optional(Type.String()),
    role: optional(Type.String({ enum: ["user", "moderator", "admin"] })),
  }),
  clientId: optional(Type.String()),
  text: optional(Type.String()),
  deleted: optional(Type.Boolean()),
});
const validator = Compile(Line);

/** The author, as far as the line has one: an account by its id or address, or only a name. */
export type Author = { id?: string; email?: string; nickname?: string; role?: string };
/** `text`: undefined for a deleted message. */
export type ArchiveLine = {
  room: string;
  title: string | undefined;
  at: number;
  author: Author;
  clientId: string | undefined;
  text: string | undefined;
};
export type ReadLine = { ok: true; line: ArchiveLine } | { ok: false; reason: string };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/**
 * Names and texts from elsewhere may be longer than ours; these limits only keep a single event from harming readers.
 */
const NICKNAME_CHARS_MAX = 100;
const TEXT_BYTES_MAX = 128 * 1024;
/** Tolerance for a clock that is ahead. */
const AHEAD_MS = 60_000;

/** Texts that need no cleaning: most lines of most archives. */
const CLEAN = /^[\x21-\x7e\uac00-\ud7a3](?:[\x20-\x7e\uac00-\ud7a3]*[\x21-\x7e\uac00-\ud7a3])?$/;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** @param now the current time, ms: messages cannot be newer. */
export function readLine(raw: string, now: number): ReadLine {
  const given = parseObject(raw);
  if (given === undefined) return refuse("is no JSON object");
  if (!validator.Check(given)) return refuse(misfit(given));
  const { room, at, user } = given;
  if (!ROOM_NAME.test(room)) return refuse("room: no name of a room (1 to 32 of a-z 0-9 -)");
  // An archive has no members, and what only they could read must not become public.
  if (PRIVATE_NAME.test(room)) return refuse("room: the name of a private room");
  if (at > now + AHEAD_MS) return refuse("at: lies in the future");
  if (given.clientId !== undefined && !CLIENT_ID.test(given.clientId))
    return refuse("clientId: not 1 to 64 of A-Za-z0-9_-");
  const title = given.title === undefined ? undefined : prepareText(given.title, TITLE_CHARS);
  if (title && (!title.ok || CONTROL.test(title.text)))
    return refuse("title: not 1 to 60 visible characters");
  const author = readAuthor(user);
  if (typeof author === "string") return refuse(author);
  const text = given.deleted ? undefined : readText(given.text);
  if (text && "reason" in text) return refuse(text.reason);
  return {
    ok: true,
    line: { room, title: title?.text, at, author, clientId: given.clientId, text: text?.text },
  };
}

const refuse = (reason: string): ReadLine => ({ ok: false, reason });

function parseObject(raw: string): object | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the first invalid field. */
function misfit(given: object): string {
  const [error] = validator.Errors(given);
  if (error?.keyword === "required") return `${error.params.requiredProperties.join(", ")}: is missing`;
  return `${error?.instancePath.slice(1).replaceAll("/", ".")}: ${error?.message}`;
}

function readAuthor({ id, email, nickname, role }: Static<typeof Line>["user"]): Author | string {
  const author: Author = {};
  if (id !== undefined) {
    if (!UUID.test(id)) return "user.id: is no id of an account";
    author.id = id.toLowerCase();
  }
  if (email !== undefined) author.email = email;
  if (nickname !== undefined) {
    const name = prepareText(nickname, NICKNAME_CHARS_MAX);
    if (!name.ok || CONTROL.test(name.text)) return "user.nickname: not 1 to 100 visible characters";
    author.nickname = name.text;
  }
  if (role !== undefined && role !== "user") author.role = role;
  const isNobody = id === undefined && email === undefined && nickname === undefined;
  return isNobody ? "user: has neither id, email nor nickname" : author;
}

function readText(raw: string | undefined): { text: string } | { reason: string } {
  if (raw === undefined) return { reason: "text: is missing" };
  const text = CLEAN.test(raw) ? raw : cleanText(raw);
  if (text.includes("\0")) return { reason: "text: holds a NUL character" };
  if (
    text.length > TEXT_BYTES_MAX ||
    (text.length * 3 > TEXT_BYTES_MAX && Buffer.byteLength(text) > TEXT_BYTES_MAX)
  )
    return { reason: "text: longer than 128 KiB" };
  if (isInvisible(text)) return { reason: "text: is empty" };
  return { text };
}
