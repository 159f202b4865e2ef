/** Sentences about the user's own account. */
export type AccountWords = {
  title: string;
  save: string;
  changePassword: string;
  othersLoggedOut: string;
  passwordChanged: string;
  wrongPassword: string;
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
  saved: string;
  done: string;
  listFailed: string;
  loading: string;
  nothing: string;
  bannedTitle: string;
  banned: string;
  bannedUntil: (time: string) => string;
  bannedForGood: string;
  banLeft: (time: string) => string;
  readmitted: string;
  readAsGuest: string;
  otherAccount: string;
};

export const accountEn: AccountWords = {
  title: "Your account",
  save: "Save",
  changePassword: "Change password",
  othersLoggedOut: "You will be logged out everywhere else.",
  passwordChanged: "Your password was changed. You are logged out everywhere else.",
  wrongPassword: "This is not your password.",
  devices: "Where you are logged in",
  thisDevice: "This device",
  lastSeen: (when) => `Last used ${when}`,
  logOutThere: (device) => `Log out: ${device}`,
  logOutOthers: "Log out everywhere else",
  logOutOthersAsk: "Log out on every device but this one?",
  connections: "Recent connections",
  openNow: "open now",
  shortOnes: (count) => `${count} short connections`,
  ignored: "People you ignore",
  ignoresNobody: "You ignore nobody.",
  seeAgain: "Stop ignoring",
  close: "Close account",
  closeWarning: "This cannot be undone. Your messages stay, under a neutral name.",
  saved: "Saved.",
  done: "Done.",
  listFailed: "This could not be loaded.",
  loading: "Loading…",
  nothing: "Nothing here yet.",
  bannedTitle: "This account is banned",
  banned: "You were logged out everywhere, and cannot log in with this account.",
  bannedUntil: (time) => `The ban ends on ${time}.`,
  bannedForGood: "The ban has no end.",
  banLeft: (time) => `${time} left. This page comes back by itself.`,
  readmitted: "Your ban is over. You can log in again.",
  readAsGuest: "Read as a guest",
  otherAccount: "Use another account",
};

export const accountKo: AccountWords = {
  title: "내 계정",
  save: "저장",
  changePassword: "비밀번호 변경",
  othersLoggedOut: "다른 모든 기기에서 로그아웃됩니다.",
  passwordChanged: "비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃되었습니다.",
  wrongPassword: "비밀번호가 맞지 않습니다.",
  devices: "로그인한 기기",
  thisDevice: "지금 이 기기",
  lastSeen: (when) => `마지막 사용: ${when}`,
  logOutThere: (device) => `로그아웃: ${device}`,
  logOutOthers: "다른 모든 기기에서 로그아웃",
  logOutOthersAsk: "이 기기만 남기고 모두 로그아웃할까요?",
  connections: "최근 접속 기록",
  openNow: "접속 중",
  shortOnes: (count) => `짧은 접속 ${count}회`,
  ignored: "차단한 사람",
  ignoresNobody: "차단한 사람이 없습니다.",
  seeAgain: "차단 해제",
  close: "계정 삭제",
  closeWarning: "되돌릴 수 없습니다. 쓴 메시지는 이름 없이 남습니다.",
  saved: "저장했습니다.",
  done: "처리했습니다.",
  listFailed: "불러오지 못했습니다.",
  loading: "불러오는 중…",
  nothing: "아직 없습니다.",
  bannedTitle: "이용이 정지된 계정입니다",
  banned: "모든 기기에서 로그아웃되었으며, 이 계정으로 로그인할 수 없습니다.",
  bannedUntil: (time) => `정지 해제: ${time}`,
  bannedForGood: "기한 없이 정지되었습니다.",
  banLeft: (time) => `${time} 남았습니다. 끝나면 이 화면이 저절로 돌아옵니다.`,
  readmitted: "이용 정지가 끝났습니다. 다시 로그인할 수 있습니다.",
  readAsGuest: "손님으로 보기",
  otherAccount: "다른 계정으로 로그인",
};
