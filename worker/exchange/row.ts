/** The row of a line, in the text form of PostgreSQL's COPY. Pure. */

export type ImportedRow = {
  roomId: number;
  seq: number;
  at: number;
  userId: string | undefined;
  nickname: string | undefined;
  role: string | undefined;
  clientId: string;
  /** Undefined: the message was deleted. */
  text: string | undefined;
};

const DAY_MS = 86_400_000;
const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const NULL = "\\N";

const days = new Map<number, string>();

/** `2026-11-22`, UTC. */
export function dayOf(at: number): string {
  const number = Math.floor(at / DAY_MS);
  let day = days.get(number);
  if (day === undefined) {
    // Over ten years of days: an archive is ordered by time, so old days do not return.
    if (days.size > 4_000) days.clear();
    day = new Date(number * DAY_MS).toISOString().slice(0, 10);
    days.set(number, day);
  }
  return day;
}

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);

/** `21:03:07.123`, UTC. */
export function timeOf(at: number): string {
  const ms = at % DAY_MS;
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1_000) % 60,
  ];
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(ms % 1_000).padStart(3, "0")}`;
}

/** A field of COPY's text form. */
export function field(value: string | undefined): string {
  if (value === undefined) return NULL;
  return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char) : value;
}

/** One line of COPY for `room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data`. */
export function copyLine(row: ImportedRow): string {
  const { roomId, seq, at, userId, nickname, role, clientId, text } = row;
  const place = `${roomId}\t${seq}\t${dayOf(at)}\t${timeOf(at)}\tmessage\t${userId ?? NULL}`;
  const said = `${field(nickname)}\t${field(clientId)}\t${field(text)}\t${text === undefined ? "t" : "f"}`;
  return `${place}\t${said}\t${role === undefined ? NULL : `{"role":"${role}"}`}\n`;
}
