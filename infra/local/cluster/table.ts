/** The status and the settings as tables: aligned lines, readable without colours. */
import { styleText } from "node:util";
import type { Member } from "../../../shared/server/membership/membership-queries.ts";
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
export function tableOf({ processes, others = [] }: Status): string[] {
  return [...tableOfProcesses(processes), ...linesOfOthers(others), ...alarms(processes)];
}

function tableOfProcesses(processes: ProcessStatus[]): string[] {
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

function linesOfOthers(others: Member[]): string[] {
  if (others.length === 0) return [];
  const rows = others.map(({ kind, name, machine, address, pid, ready, clients }) => [
    ...[machine, kind === "runner" ? "npm start" : name, ready ? "ready" : "not ready"],
    ...[`pid ${pid}`, address, clients === undefined ? "" : `${clients} clients`],
  ]);
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: string[]): string => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
  return ["", styleText("bold", "elsewhere"), ...rows.map((row) => line(row).trimEnd())];
}

function alarms(processes: ProcessStatus[]): string[] {
  const taken = Math.max(0, ...processes.map(({ takenSeqs }) => takenSeqs ?? 0));
  const words = `ALARM: ${taken} acknowledged messages are no rows, because another has their seq: two clusters write to this database`;
  return taken > 0 ? ["", styleText("red", words)] : [];
}

/** Lines of the settings in force: variable, value, source. */
export function settingsTable(settings: SettingInForce[]): string[] {
  const rows = settings.map(({ name, value, from }) => [name, value === "" ? "-" : value, from]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

const number = (value: number | undefined, digits = 0): string =>
  value === undefined ? "" : value.toFixed(digits);
