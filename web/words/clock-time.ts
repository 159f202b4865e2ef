/** Minutes and seconds as a clock shows them, the same in every language: `75` is `1:15`. */
export const clockTime = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
