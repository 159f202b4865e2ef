/** Sentences about the user's own account. */
export type AccountWords = {
  title: string;
  passwordChanged: string;
  wrongPassword: string;
  saved: string;
  done: string;
  bannedTitle: string;
  banned: string;
  bannedUntil: (time: string) => string;
  bannedForGood: string;
  banLeft: (time: string) => string;
  readmitted: string;
  readAsGuest: string;
  otherAccount: string;
};

/** Those of the dialogs, which come with their script. */
export type AccountDialogWords = {
  lostPassword: string;
  /** A guest pressed send. */
  sentThen: string;
  save: string;
  changePassword: string;
  othersLoggedOut: string;
  devices: string;
  thisDevice: string;
  lastSeen: (when: string) => string;
  logOutThere: (device: string) => string;
  logOutOthers: string;
  logOutOthersAsk: string;
  connections: string;
  openNow: string;
  shortOnes: (count: number) => string;
  ignored: string;
  ignoresNobody: string;
  seeAgain: string;
  close: string;
  closeWarning: string;
  listFailed: string;
  loading: string;
  nothing: string;
};
