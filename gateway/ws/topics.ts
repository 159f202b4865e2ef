/** The local topics that sockets are subscribed to. */

/** How the list of rooms changes, for those who show one. */
export const ROOM_NEWS = "rooms";

/** All sockets of a room. */
export const topicOf = (room: string): string => `room:${room}`;
