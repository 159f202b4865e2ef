/** The local topics that sockets are subscribed to. */

/** Changes of the list of rooms, for clients that show one. */
export const ROOM_NEWS = "rooms";

/** The sockets of a room. @param isOlder those that get every event in a form that older clients know. */
export const topicOf = (room: string, isOlder = false): string => `${isOlder ? "older" : "room"}:${room}`;
