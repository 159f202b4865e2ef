/**
 * `node infra/convert/original.ts messages.csv | npm run import -- -`
 * Converts the messages of the chat that Suda grew out of, as CSV with a header: id, room, user, text, created_at.
 */
import { readFileSync } from "node:fs";
import { type ArchiveLine, roomNameOf, titleOf, writeLines } from "./archive-line.ts";

/** @param csv ordered by room and id. @throws Error if a column is missing. */
export function* fromOriginal(csv: string): Generator<ArchiveLine> {
  const [header = [], ...rows] = parseCsv(csv);
  const column = (name: string): number => {
    const at = header.indexOf(name);
    if (at < 0) throw new Error(`there is no column ${name}`);
    return at;
  };
  const [id, room, user, text, createdAt] = ["id", "room", "user", "text", "created_at"].map(column);
  for (const row of rows) {
    const cell = (at: number | undefined): string => row[at ?? -1] ?? "";
    const [name, title] = [roomNameOf(cell(room)), cell(room)];
    yield {
      room: name,
      ...(title === name ? {} : { title: titleOf(title) }),
      at: timeOf(cell(createdAt)),
      user: { nickname: cell(user) },
      clientId: `original-${cell(id)}`,
      text: cell(text),
    };
  }
}

/** A time without a zone is UTC. A number counts as seconds up to the year 2286, and as milliseconds above. */
function timeOf(raw: string): number {
  if (/^\d+(\.\d+)?$/.test(raw)) return Math.round(Number(raw) < 1e10 ? Number(raw) * 1_000 : Number(raw));
  const time = raw.trim().replace(" ", "T");
  return Date.parse(
    /(Z|[+-]\d{2}(:?\d{2})?)$/.test(time) ? time.replace(/([+-]\d{2})$/, "$1:00") : `${time}Z`,
  );
}

/** Parses RFC 4180: fields may contain line breaks and doubled quotes. */
function* parseCsv(text: string): Generator<string[]> {
  let row: string[] = [];
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (fields.lastIndex < text.length) {
    const field = fields.exec(text);
    if (!field) throw new Error(`no CSV after ${fields.lastIndex} characters`);
    const [, quoted, plain = "", end] = field;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    yield row;
    row = [];
  }
}

const [, started, file] = process.argv;
if (started === import.meta.filename && file) await writeLines(fromOriginal(readFileSync(file, "utf8")));
