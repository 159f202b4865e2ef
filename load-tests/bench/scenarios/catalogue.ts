/** All scenarios, in the order of the document. */
import type { Scenario } from "../scenario.ts";
import { smallRooms } from "./small-rooms.ts";

export const scenarios: readonly Scenario[] = [smallRooms];
