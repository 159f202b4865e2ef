import type { PinWords } from "../pins.ts";

export const pinsEn: PinWords = {
  pinned: "Pinned message",
  pin: "Pin",
  unpin: "Unpin",
  dismiss: "Hide the pinned message",
  goTo: "Go to the pinned message:",
};
