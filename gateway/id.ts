/** Ids are opaque to clients; here they are UUIDs. Other text cannot match a row. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (id: string): boolean => UUID.test(id);

/** @returns when an id was made, in ms since the epoch, if it says so (version 7); 0 for others, which are older. */
export const bornAt = (id: string): number =>
  id[14] === "7" && isUuid(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : 0;
