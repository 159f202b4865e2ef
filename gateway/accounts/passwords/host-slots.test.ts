import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createHostSlots } from "./host-slots.ts";

const name = (): string => `test-${process.pid}-${Math.random()}`;
const onLinux = test.runIf(process.platform === "linux");

onLinux.each([1, 2])(
  "of many at once no more than %d work at a time, and all get their turn",
  async (count) => {
    const shared = name();
    let working = 0;
    let max = 0;
    // Each worker has its own object, as processes have.
    const work = async (): Promise<void> => {
      const release = await createHostSlots(shared, count).take();
      max = Math.max(max, ++working);
      await delay(5);
      working -= 1;
      await release();
    };
    await Promise.all(Array.from({ length: 12 }, work));
    expect(max).toBe(count);
  },
);

onLinux("whoever holds a slot for ever does not keep others from working for ever", async () => {
  const shared = name();
  const release = await createHostSlots(shared, 1).take();
  const began = performance.now();
  await (await createHostSlots(shared, 1, 100).take())();
  expect(performance.now() - began).toBeGreaterThan(90);
  await release();
});

onLinux("a slot that was let go of is free at once", async () => {
  const slots = createHostSlots(name(), 1, 60_000);
  await (await slots.take())();
  await (await slots.take())();
});
