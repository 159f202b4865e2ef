/** The command line of a comparison. */
import { parseArgs } from "node:util";
import { aboveZero, wholeFromOne } from "../options.ts";
import type { Plan } from "./compare.ts";
import { contenders } from "./contenders/catalogue.ts";
import { scenarios } from "./scenarios/catalogue.ts";

/** @param others names of other subjects, for the message. @throws Error with a line for the user. */
export function readPlan(args: string[], others: readonly string[]): { plan: Plan; out: string | undefined } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      contenders: { type: "string" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "5" },
      scale: { type: "string", default: "1" },
      together: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  const plan = {
    scenarios: named(positionals, scenarios, "no scenario", others),
    contenders: named(values.contenders?.split(",") ?? [], contenders, "no contender", []),
    rounds: wholeFromOne("rounds", values.rounds),
    seconds: aboveZero("seconds", values.seconds),
    scale: aboveZero("scale", values.scale),
    together: values.together,
  };
  return { plan, out: values.out };
}

/** @returns all of them when none is named. */
function named<T extends { name: string }>(
  names: string[],
  all: readonly T[],
  otherwise: string,
  others: readonly string[],
): readonly T[] {
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((each) => each.name === name);
    if (found) return found;
    const known = [...all.map((each) => each.name), ...others].join(", ");
    throw new Error(`${otherwise} is called ${name}: ${known}`);
  });
}
