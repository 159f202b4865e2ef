/** Choices of a person about the page, and which stored ones are valid. The script in the head has this file in it, so that it is small. */

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
/** How messages stand: a line each, or in bubbles with more room. */
export const DENSITIES = ["compact", "cozy"] as const;
export type Density = (typeof DENSITIES)[number];
/** Further choices of a person. The first of each is how it is without a choice. */
export const CHOICES = {
  textSize: ["normal", "large", "largest"],
  clock: ["region", "12", "24"],
  motion: ["system", "reduced"],
  aloud: ["all", "mentions", "nothing"],
  sound: ["off", "on"],
  keys: ["on", "off"],
} as const;
export type ChoiceKey = keyof typeof CHOICES;
export type ChoiceOf<K extends ChoiceKey> = (typeof CHOICES)[K][number];
/** A choice that holds for the next user of the browser too, until they choose. */
export type Preference = "theme" | "language" | "density" | ChoiceKey;

/** Whether it is a string. */
export const isText = (value: unknown): value is string => typeof value === "string";
/** @returns whether a value is one of these words. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);
const chosen = <T extends string>(words: readonly T[]) =>
  ({ area: "local", looksRight: oneOf(words) }) as const;

/** Each choice is for all tabs of the browser, which follow each other. */
export const CHOSEN = {
  theme: chosen(THEMES),
  language: { area: "local", looksRight: isText },
  density: chosen(DENSITIES),
  textSize: chosen(CHOICES.textSize),
  clock: chosen(CHOICES.clock),
  motion: chosen(CHOICES.motion),
  aloud: chosen(CHOICES.aloud),
  sound: chosen(CHOICES.sound),
  keys: chosen(CHOICES.keys),
} as const;
