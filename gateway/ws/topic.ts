/** The local topic that all sockets of a room are subscribed to. */
export const topicOf = (room: string): string => `room:${room}`;
