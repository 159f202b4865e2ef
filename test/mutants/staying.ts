/** Faults in what a person relies on while they are away or not in yet: drafts, pins, and how much they hear. */
import type { Mutant } from "./mutant.ts";

export const staying: readonly Mutant[] = [
  {
    what: "a guest's text that was to be sent stays a draft",
    place: "followGuests",
    find: "toSend === route.room.value) composer.say();",
    replace: "toSend === route.room.value) return;",
    seenBy: [
      ["test/first-minutes.e2e.test.ts", "is sent once after signing up, if they had pressed send: on %s"],
    ],
  },
  {
    what: "a pin outlives its message when it is said after the deletion",
    place: "0025_pins_of_one_day.sql",
    find: "and exists (select from messages where day = %L and room_id = $1 and seq = $2 and deleted)",
    replace: "and false",
    seenBy: [["worker/pins.int.test.ts", "a pin that is said after its message's deletion pins nothing: %s"]],
  },
  {
    what: "a notification is shown again by the next tab or the push",
    place: "showOnce",
    find: "shown >= seq) return false;",
    replace: "shown > seq) return false;",
    seenBy: [
      [
        "web/offline/notices.test.ts",
        "a message is shown once, whether by a page or by the push of it, and none that is older",
      ],
    ],
  },
  {
    what: "of a room with nothing one hears all the same",
    place: "createPageAlerts",
    find: 'if (level === "none" || isInFront(view)) return;',
    replace: "if (isInFront(view)) return;",
    seenBy: [
      [
        "web/state/page-alerts.test.ts",
        "of a room with everything each message is news, within ten seconds once; of one with nothing none is",
      ],
    ],
  },
  {
    what: "messages that are archived again are counted again",
    place: "createRoomNewsQueries",
    find: "p.room_id = said.room_id and p.seq >= said.seq)",
    replace: "p.room_id = said.room_id and p.seq < 0)",
    seenBy: [
      [
        "worker/push/room-news.int.test.ts",
        "messages that are archived again with a newer one are not counted again",
      ],
    ],
  },
  {
    what: "a closed account whose gateway died stays a member",
    place: "createClosedMembers",
    find: "await leave(held.id, userId);",
    replace: "",
    seenBy: [
      [
        "worker/closed-members.int.test.ts",
        "the owner of a closed account leaves, the room has another one, and all gateways hear of it",
      ],
    ],
  },
];
