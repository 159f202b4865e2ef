/** The runner's output: lines, and on a terminal a status table below them that is redrawn every second. */
import { styleText } from "node:util";
import type { Status } from "./cluster.ts";
import { tableOf } from "./table.ts";

const REDRAW_MS = 1_000;

export type Screen = {
  say(line: string): void;
  /** Keeps the status in sight on a terminal; elsewhere it is printed once. */
  show(status: () => Status): void;
  /** The table stays as it is; lines follow. */
  close(): void;
};

export function createScreen(out: NodeJS.WriteStream): Screen {
  // A closed terminal must not end the runner before it has stopped its processes.
  out.on("error", () => undefined);
  let drawn = 0;
  let status: (() => Status) | undefined;
  let timer: NodeJS.Timeout | undefined;

  return {
    say(line) {
      erase();
      out.write(`${line}\n`);
      if (timer) draw();
    },
    show(current) {
      status = current;
      draw();
      if (out.isTTY) timer = setInterval(draw, REDRAW_MS);
      else drawn = 0;
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      status = undefined;
      drawn = 0;
    },
  };

  function draw(): void {
    if (!status) return;
    // A line that wraps would be counted wrongly.
    const width = Math.max(20, (out.columns ?? 80) - 1);
    const lines = [
      "",
      ...tableOf(status()).map((line) => (line.length > width + 10 ? line.slice(0, width) : line)),
    ];
    erase();
    out.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  }

  function erase(): void {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  }
}

/** Suggestions for a person whose cluster is ready. @param find the option that names the cluster, if it needs one. */
export function invitation(url: string, find: string, victim: number | undefined): string[] {
  const tries = [
    [`npm run scale -- 5${find}`, "five gateways; nobody is cut off"],
    [`kill -9 ${victim ?? "<pid>"}`, "lose a gateway; its people move on and nothing is lost"],
    [`npm run roll${find ? ` --${find}` : ""}`, "renew all gateways, one by one"],
  ] as const;
  const width = Math.max(...tries.map(([command]) => command.length));
  return [
    `Suda is at ${styleText(["bold", "underline"], url)}   (Ctrl-C stops it)`,
    "",
    "Try, in another terminal:",
    ...tries.map(([command, effect]) => `  ${command.padEnd(width)}   ${effect}`),
  ];
}
