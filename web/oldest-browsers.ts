/**
 * The oldest browsers that run the page, by the names that esbuild has for them. They follow from the features that the
 * code and its styles use (test/browsers.test.ts); `browser-check.ts` knows an older one by a feature that it lacks.
 */
export const OLDEST_BROWSERS = { chrome: "123", edge: "123", firefox: "125", safari: "17.5", ios: "17.5" };

/** For people: README and the notice for an older browser say the same. */
export const BROWSERS_IN_WORDS = Object.entries(OLDEST_BROWSERS)
  .filter(([name]) => name !== "ios")
  .map(([name, version]) => `${name[0]?.toUpperCase()}${name.slice(1)} ${version}`)
  .join(", ");
