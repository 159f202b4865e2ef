/** Sentences about notifications: in this browser, and of a room. */
import type { RoomLevel } from "../../shared/push-api.ts";

export type NotificationWords = {
  title: string;
  turnOn: string;
  turnOff: string;
  hideText: string;
  /** The menu of a room, and how much of it the person hears. */
  roomMenu: string;
  level: string;
  levels: Record<RoomLevel, string>;
  silent: string;
  states: Record<"unknown" | "unable" | "denied" | "off" | "on" | "page" | "failed", string>;
};
