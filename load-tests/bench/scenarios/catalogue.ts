/** All scenarios, in the order of the document. */
import type { Scenario } from "../scenario.ts";
import { bigRoom } from "./big-room.ts";
import { idle } from "./idle.ts";
import { arrival, openChat, perMinute } from "./published.ts";
import { quiet } from "./quiet.ts";
import { smallRooms } from "./small-rooms.ts";
import { storm } from "./storm.ts";

export const scenarios: readonly Scenario[] = [
  ...[smallRooms, bigRoom, quiet, storm, idle],
  ...[openChat, arrival, perMinute],
];
