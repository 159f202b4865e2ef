/** Sizes and durations that both sides of the wire must agree on. Does not own timeouts: see `timeouts.ts`. */

export const PROTOCOL_VERSION = 1;

/** Longest message, in grapheme clusters after NFC. The default: `welcome` tells clients the server's own setting. */
export const MESSAGE_CHARS = 30;
export const MESSAGE_BYTES = 1024;
/** So many characters a mention counts, whatever the name. The default: `welcome` tells clients. */
export const MENTION_CHARS = 2;
/** Max users that one message may mention. */
export const MENTIONS_MAX = 10;
/** Largest frame a client may send. */
export const FRAME_BYTES = 4096;

/** Max events in `joined` when the client's position is unknown. */
export const JOIN_EVENTS = 50;
export const HISTORY_DEFAULT = 50;
export const HISTORY_MAX = 200;
/** Max messages that are read by their seqs in one request. */
export const SEQS_MAX = 50;

/** How long the server remembers the seq it gave to a client id. */
export const DEDUPE_MS = 15 * 60_000;
/** A message up to this age can be taken back, unless somebody has read it. */
export const TAKE_BACK_MS = 10_000;
/** A client resends messages up to this age by itself and asks the person about older ones. Well below DEDUPE_MS. */
export const RESEND_MS = 10 * 60_000;

/** Nicknames and titles in grapheme clusters, passwords in code points. */
export const NICKNAME_MIN = 2;
export const NICKNAME_CHARS = 20;
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
export const EMAIL_MAX = 254;
export const TITLE_CHARS = 60;
/** Longest reason of a moderator or a reporter, in grapheme clusters. */
export const REASON_CHARS = 200;
/** Longest announcement of a bot, in grapheme clusters. */
export const ANNOUNCEMENT_CHARS = 200;
export const SLOW_MODE_MAX_MS = 6 * 3_600_000;
/** Entries on one page of connections, reports or acts. */
export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 200;

/** How many visited rooms are remembered for each user. */
export const VISITED_MAX = 50;
/** Max rooms that a socket follows, and that are read for it at once. */
export const FOLLOWED_MAX = 100;
/** Unread messages and mentions are counted up to this number, which means "or more". */
export const UNREAD_MAX = 100;
/** Hits on one page of a search in a room. */
export const HITS_DEFAULT = 20;
export const HITS_MAX = 50;
/** Longest search text. */
export const QUERY_CHARS = 60;

/** Members of a private room, and the private rooms and direct lines of a user. */
export const MEMBERS_MAX = 500;
export const CIRCLES_MAX = 200;
export const LINES_MAX = 1_000;
/** Links to a private room that work at a time, how long one lasts unless it says otherwise and at most, and how many may use it. */
export const INVITATIONS_MAX = 20;
export const INVITATION_MS = 7 * 86_400_000;
export const INVITATION_MAX_MS = 30 * 86_400_000;
export const INVITATION_USES = 100;

export const LOBBY = "lobby";
export const ROOM_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Names of private rooms and direct lines, which nobody chooses or guesses. No public room may have one. */
export const PRIVATE_NAME = /^[pd]-[a-z2-7]{26}$/;
/** Those of direct lines alone. */
export const LINE_NAME = /^d-[a-z2-7]{26}$/;
export const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
