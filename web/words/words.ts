/** Every sentence of the client as one type, so that a language with a missing sentence does not compile. */
import type { FrameCode } from "../../shared/codes.ts";
import type { FieldCode, FieldName } from "../../shared/http-api.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Density, Theme } from "../sync/choices.ts";
import type { ConnectionStatus } from "../sync/reconnecting-socket.ts";
import type { LoggedOut } from "../sync/tabs.ts";
import type { AccountWords } from "./account.ts";
import type { CircleWords } from "./circle.ts";
import type { ClosingWords } from "./closing.ts";
import type { FailureWords } from "./failure.ts";
import type { ModerationWords } from "./moderation.ts";

export type Words = {
  account: AccountWords;
  moderation: ModerationWords;
  closing: ClosingWords;
  failure: FailureWords;
  languageName: string;
  skip: string;
  close: string;
  cancel: string;
  dismiss: string;

  logIn: string;
  signUp: string;
  logOut: string;
  settings: string;
  guest: string;
  welcome: string;
  working: string;
  /** Why the cluster ended the session of this page. */
  loggedOut: Record<LoggedOut, string>;
  /** No session can be kept. */
  cookiesBlocked: string;
  draftKept: string;
  fields: Record<FieldName, string>;
  hints: Record<FieldName, string>;
  showPassword: string;
  hidePassword: string;
  fieldProblems: Record<FieldCode, string> & Partial<Record<`${FieldName} ${FieldCode}`, string>>;
  problems: Record<ApiProblem["code"], string>;
  tryAgainIn: (seconds: number) => string;

  rooms: string;
  openRooms: string;
  newRoom: string;
  createRoom: string;
  lobby: string;
  roomsFailed: string;
  roomMissing: string;
  roomDeleted: (title: string) => string;
  searchRooms: string;
  otherRooms: string;
  noRoomFound: string;
  moreRooms: string;
  forgetRoom: (title: string) => string;
  toLobby: string;
  people: (count: number) => string;

  theme: string;
  themes: Record<Theme, string>;
  density: string;
  densities: Record<Density, string>;
  deletedRun: (count: number) => string;
  language: string;

  connection: Record<ConnectionStatus, string>;
  connectionExplained: Record<ConnectionStatus, string>;
  nextTryIn: (seconds: number) => string;
  retryNow: string;
  details: { gateway: string; roundTrip: string; connections: string; head: string; stored: string };
  milliseconds: (count: number) => string;
  /** `count` newest messages are not yet in the database. */
  notYetStored: (count: number) => string;
  allStored: string;

  messages: string;
  loadingRoom: string;
  loadingOlder: string;
  historyFailed: string;
  beginning: string;
  restarted: string;
  /** On the button of a gap that a long absence left; it loads the messages. */
  between: (count: number) => string;
  newMessages: (count: number) => string;
  toNewest: string;
  deleted: string;
  /** On the button of a folded message, and of an unfolded one. */
  showAll: string;
  showLess: string;
  you: string;
  sending: string;
  /** The time until a message is resent automatically. */
  goesOutIn: (seconds: number) => string;
  notConfirmed: string;
  sendAgain: string;
  discard: string;
  actions: string;
  copy: string;
  copied: string;
  notCopied: string;
  delete: string;
  deleteAsk: string;
  keep: string;
  deleting: string;
  notDeleted: string;
  mayNotDelete: string;
  /** The names are isolated already. */
  typing: { one: (name: string) => string; two: (one: string, other: string) => string; several: string };
  notices: { renamed: string; muted: string; slow_mode: string; other: string };
  circle: CircleWords;

  message: string;
  messagePlaceholder: string;
  send: string;
  hereNow: (people: number) => string;
  mayJoin: string;
  start: string;
  characters: (used: number, max: number) => string;
  tooLong: (excess: number) => string;
  /** Few characters, but with too many parts each. */
  tooBig: string;
  /** The text has a character that cannot be sent. */
  notWritable: string;
  waitForConnection: string;
  /** `reason`: the moderator's text, or empty. */
  restricted: {
    spam: (time: string) => string;
    muted: (time: string, reason: string, end: string) => string;
    tooNew: (time: string) => string;
    /** In the field, in place of what would be written. */
    field: (time: string) => string;
    fieldTooNew: (time: string) => string;
  };
  duration: (seconds: number) => string;
  span: (ms: number) => string;
  spamWarning: string;
  refusals: Record<FrameCode, string>;
};
