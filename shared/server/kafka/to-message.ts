/** Records in the form of the library. */
import type { NewRecord } from "./records.ts";

export const toMessage = ({ topic, partition, key, value, headers = {} }: NewRecord) => ({
  topic,
  ...(partition === undefined ? {} : { partition }),
  ...(key === undefined ? {} : { key: Buffer.from(key) }),
  ...(value === undefined ? {} : { value: typeof value === "string" ? Buffer.from(value) : value }),
  headers: new Map(Object.entries(headers).map(([name, text]) => [bytesOf(name), bytesOf(text)])),
});

/** Most texts of headers are the same in every record, and a buffer costs more than its bytes. */
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
