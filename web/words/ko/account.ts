import type { AccountWords } from "../account.ts";

export const accountKo: AccountWords = {
  title: "내 계정",
  passwordChanged: "비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃되었습니다.",
  wrongPassword: "비밀번호가 맞지 않습니다.",
  saved: "저장했습니다.",
  done: "처리했습니다.",
  bannedTitle: "이용이 정지된 계정입니다",
  banned: "모든 기기에서 로그아웃되었으며, 이 계정으로 로그인할 수 없습니다.",
  bannedUntil: (time) => `정지 해제: ${time}`,
  bannedForGood: "기한 없이 정지되었습니다.",
  banLeft: (time) => `${time} 남았습니다. 끝나면 이 화면이 저절로 돌아옵니다.`,
  readmitted: "이용 정지가 끝났습니다. 다시 로그인할 수 있습니다.",
  readAsGuest: "손님으로 보기",
  otherAccount: "다른 계정으로 로그인",
};
