/** Parses Prometheus text as far as the status table needs it. */

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{.*\})?\s+(\S+)/;

/** The sum over all labels of each metric. */
export function sumMetrics(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}
