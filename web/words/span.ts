/** A time span in words, in its largest unit: `10 minutes`, `1시간`. */
const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

export const spanIn =
  (language: string) =>
  (ms: number): string => {
    // A span a little below an hour counts as an hour, because it was measured by different clocks.
    const [unit, unitMs] = UNITS.find(([, size]) => ms >= 0.99 * size) ?? (["second", 1_000] as const);
    const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
    return format.format(Math.round(ms / unitMs));
  };
