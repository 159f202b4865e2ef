/** The command line of the fault checker. */
import { parseArgs } from "node:util";
import { wholeFromOne } from "../options.ts";
import { FAULTS } from "./catalog/catalog.ts";
import type { Fault } from "./catalog/fault.ts";

const USAGE =
  "npm run faults -- --only NAME,NAME --seconds N --clients N --rooms N --rate N --gateways N --seed N --data DIR --json";

export type Options = {
  faults: Fault[];
  /** Whether to run rounds of several faults at once, besides or instead of the list. */
  mix: boolean;
  seconds: number;
  clients: number;
  /** The clients are spread over them evenly. */
  rooms: number;
  rate: number;
  gateways: number;
  seed: number;
  data: string | undefined;
  json: boolean;
};

const MIX = "mix";
const NAME_WIDTH = 20;

/** A seed in the format of `--seed`, so that any run can be repeated. */
const randomSeed = (): string => String(1 + Math.floor(Math.random() * 999_999_999));

/** @throws Error with a message for the user. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      seconds: { type: "string", default: "20" },
      clients: { type: "string", default: "300" },
      rooms: { type: "string", default: "1" },
      rate: { type: "string", default: "200" },
      gateways: { type: "string", default: "3" },
      seed: { type: "string", default: randomSeed() },
      data: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const whole = (name: "seconds" | "clients" | "rooms" | "rate" | "gateways" | "seed"): number => {
    try {
      return wholeFromOne(name, values[name]);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${USAGE}`);
    }
  };
  if (whole("rooms") > whole("clients"))
    throw new Error(`--rooms: at most one for each of the ${whole("clients")} clients\n${USAGE}`);
  return {
    ...chosen(values.only?.split(",") ?? FAULTS.map(({ name }) => name)),
    seconds: whole("seconds"),
    clients: whole("clients"),
    rooms: whole("rooms"),
    rate: whole("rate"),
    gateways: whole("gateways"),
    seed: whole("seed"),
    data: values.data,
    json: values.json,
  };
}

function chosen(names: string[]): Pick<Options, "faults" | "mix"> {
  const unknown = names.filter((name) => name !== MIX && !FAULTS.some((fault) => fault.name === name));
  if (unknown.length === 0)
    return { faults: FAULTS.filter(({ name }) => names.includes(name)), mix: names.includes(MIX) };
  const list = [...FAULTS, { name: MIX, about: "rounds of several at once, as long as --seconds says" }];
  const lines = list.map(({ name, about }) => `  ${name.padEnd(NAME_WIDTH)}${about}`);
  throw new Error(`There is no ${unknown.join(", ")}. There are:\n${lines.join("\n")}`);
}
