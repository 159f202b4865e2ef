/** Splits bytes into lines. Pure. */
import { isUtf8 } from "node:buffer";

/** `broken`: the reason why it cannot be a line of an archive. */
export type GivenLine = { raw: string; broken?: string };

export const LINE_BYTES_MAX = 1 << 20;
export const NEWLINE = 10;
const SHOWN = 200;

/** @param begin the first bytes of the line. */
export const tooLong = (begin: Buffer): GivenLine => ({
  raw: begin.subarray(0, SHOWN).toString(),
  broken: "is longer than 1 MiB",
});

/** Skips empty lines, and accepts line breaks of Windows. */
export function linesOf(bytes: Buffer): GivenLine[] {
  if (!isUtf8(bytes))
    return splitBytes(bytes)
      .map(lineOf)
      .filter(({ raw }) => raw !== "");
  const lines: GivenLine[] = [];
  for (const line of bytes.toString("utf8").split("\n")) {
    const raw = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (raw === "") continue;
    lines.push(raw.length > LINE_BYTES_MAX ? tooLong(Buffer.from(raw)) : { raw });
  }
  return lines;
}

function splitBytes(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const cut = bytes.indexOf(NEWLINE, from);
    lines.push(bytes.subarray(from, cut < 0 ? bytes.length : cut));
    from = cut < 0 ? bytes.length : cut + 1;
  }
  return lines;
}

function lineOf(bytes: Buffer): GivenLine {
  const raw = bytes.toString("utf8").replace(/\r$/, "");
  return isUtf8(bytes) ? { raw } : { raw, broken: "is no UTF-8" };
}
