import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { tableOf } from "./table.ts";

it("shows one aligned line for each process, and nothing where there is no number", () => {
  const table = tableOf({
    url: "http://127.0.0.1:8080",
    processes: [
      {
        name: "gateway-1",
        pid: 71,
        port: 11001,
        ready: true,
        restarts: 0,
        clients: 12,
        messagesPerSecond: 3.25,
      },
      { name: "gateway-2", pid: null, port: 11002, ready: false, restarts: 2 },
      { name: "worker", pid: 73, port: 11003, ready: true, restarts: 0, unwritten: 4, lagSeconds: 0.51 },
    ],
  });
  expect(table.map(stripVTControlCharacters)).toEqual([
    "process    state  pid   port  clients  messages/s  unwritten    lag  restarts",
    "gateway-1  ready   71  11001       12         3.3",
    "gateway-2  down     -  11002                                                2",
    "worker     ready   73  11003                               4  0.5 s",
  ]);
});

it("shows the processes of other machines, and an alarm, below", () => {
  const other = { machine: "b", pid: 9, ready: true } as const;
  const table = tableOf({
    url: "http://127.0.0.1:8080",
    processes: [{ name: "worker", pid: 73, port: 11003, ready: false, restarts: 0, takenSeqs: 2 }],
    others: [
      { ...other, kind: "runner", name: "npm start", address: "http://b:8080" },
      { ...other, kind: "gateway", name: "gateway-1", address: "127.0.0.1:11001", clients: 5 },
    ],
  });
  expect(table.slice(2).map(stripVTControlCharacters)).toEqual([
    "",
    "elsewhere",
    "b  npm start  ready  pid 9  http://b:8080",
    "b  gateway-1  ready  pid 9  127.0.0.1:11001  5 clients",
    "",
    "ALARM: 2 acknowledged messages are no rows, because another has their seq: two clusters write to this database",
  ]);
});
