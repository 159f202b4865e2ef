import { useApp } from "../app-context.ts";

/** @param withDay says the day too. */
export function Time({ at, withDay }: { at: number; withDay: boolean }) {
  const { time, full, dayAndTime } = useApp().language.dates.value;
  return (
    <time translate={false} dateTime={new Date(at).toISOString()} title={full.format(at)}>
      {(withDay ? dayAndTime : time).format(at)}
    </time>
  );
}
