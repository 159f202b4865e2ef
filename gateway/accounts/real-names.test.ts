import { expect, test } from "vitest";
import { checkNickname } from "./nickname.ts";
import { REAL_NAMES } from "./testing/real-names.ts";

const nameless = (name: string): string[] => {
  const checked = checkNickname(name);
  return checked.ok ? [] : [`${name} is ${checked.code}`];
};

test.each(REAL_NAMES.map(([language, ...names]) => ({ language, names })))(
  "people may write their names in $language",
  ({ names }) => {
    expect(names.flatMap(nameless)).toEqual([]);
  },
);

test("no two of them are one", () => {
  const keys = new Map<string, string>();
  const same: string[] = [];
  for (const name of REAL_NAMES.flatMap(([, ...names]) => names)) {
    const checked = checkNickname(name);
    if (!checked.ok) continue;
    for (const key of new Set([checked.value.key, checked.value.skeleton])) {
      if (keys.has(key)) same.push(`${name} and ${keys.get(key)}`);
      keys.set(key, name);
    }
  }
  expect(same).toEqual([]);
});
