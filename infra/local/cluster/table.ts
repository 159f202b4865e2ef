/** The status and the settings as tables: aligned lines, readable without colours. */
import { styleText } from "node:util";
import type { SettingInForce } from "../cli/environment.ts";
import type { ProcessStatus, Status } from "./cluster.ts";

const COLUMNS: [title: string, cell: (process: ProcessStatus) => string][] = [
  ["process", ({ name }) => name],
  ["state", ({ pid, ready }) => (ready ? "ready" : pid === null ? "down" : "starting")],
  ["pid", ({ pid }) => (pid === null ? "-" : String(pid))],
  ["port", ({ port }) => String(port)],
  ["clients", ({ clients }) => number(clients)],
  ["messages/s", ({ messagesPerSecond }) => number(messagesPerSecond, 1)],
  ["unwritten", ({ unwritten }) => number(unwritten)],
  ["lag", ({ lagSeconds }) => (lagSeconds === undefined ? "" : `${lagSeconds.toFixed(1)} s`)],
  ["restarts", ({ restarts }) => (restarts === 0 ? "" : String(restarts))],
];

/** Lines of the table. Colours only if standard output is a terminal that supports them. */
export function tableOf({ processes }: Status): string[] {
  const rows = processes.map((process) => COLUMNS.map(([, cell]) => cell(process)));
  const titles = COLUMNS.map(([title]) => title);
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)),
  );
  const line = (cells: string[]): string =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  const body = rows.map((row, i) => (processes[i]?.ready ? line(row) : styleText("yellow", line(row))));
  return [styleText("bold", line(titles)), ...body].map((each) => each.trimEnd());
}

/** Lines of the settings in force: variable, value, source. */
export function settingsTable(settings: SettingInForce[]): string[] {
  const rows = settings.map(({ name, value, from }) => [name, value === "" ? "-" : value, from]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

const number = (value: number | undefined, digits = 0): string =>
  value === undefined ? "" : value.toFixed(digits);
