import { expect, it } from "vitest";
import { sumMetrics } from "./metrics.ts";

it("sums a metric over its labels and leaves comments out", () => {
  const sums = sumMetrics(
    [
      "# HELP suda_messages_total Messages",
      "# TYPE suda_messages_total counter",
      'suda_messages_total{kind="message"} 40',
      'suda_messages_total{kind="deleted",by="a b"} 2',
      "suda_connections 7",
      "suda_lag_seconds 1.5e-3",
      "",
    ].join("\n"),
  );
  expect(Object.fromEntries(sums)).toEqual({
    suda_messages_total: 42,
    suda_connections: 7,
    suda_lag_seconds: 0.0015,
  });
});
