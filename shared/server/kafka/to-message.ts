/** Records in the form of the library. */
import type { NewRecord } from "./records.ts";

export const toMessage = ({ topic, partition, key, value, headers = {} }: NewRecord) => ({
  topic,
  ...(partition === undefined ? {} : { partition }),
  ...(key === undefined ? {} : { key: Buffer.from(key) }),
  ...(value === undefined ? {} : { value: typeof value === "string" ? Buffer.from(value) : value }),
  headers: headersOf(headers),
});

/** Headers whose text is another one in each record. */
const VARIED: ReadonlySet<string> = new Set(["ce_id", "ce_time", "ce_sequence", "ce_previous"]);

function headersOf(headers: Record<string, string>): Map<Buffer, Buffer> {
  const encoded = new Map<Buffer, Buffer>();
  for (const name of Object.keys(headers)) {
    const text = headers[name] ?? "";
    encoded.set(bytesOf(name), VARIED.has(name) ? Buffer.from(text) : bytesOf(text));
  }
  return encoded;
}

/** The other texts are the same in many records, and a buffer costs more than its bytes. */
const texts = new Map<string, Buffer>();
const MAX_TEXTS = 2_000;

function bytesOf(text: string): Buffer {
  const known = texts.get(text);
  if (known) return known;
  if (texts.size >= MAX_TEXTS) texts.clear();
  const bytes = Buffer.from(text);
  texts.set(text, bytes);
  return bytes;
}
