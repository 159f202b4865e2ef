/** The local topics that sockets are subscribed to. */

/** Changes of the list of rooms, for clients that show one. */
export const ROOM_NEWS = "rooms";

/** All sockets of a room. */
export const topicOf = (room: string): string => `room:${room}`;
