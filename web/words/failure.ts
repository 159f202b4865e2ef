/** Sentences for a page that has failed. */
export type FailureWords = {
  title: string;
  what: string;
  reload: string;
  toLobby: string;
  /** For a failure after which the page still works. */
  passing: string;
};

export const failureEn: FailureWords = {
  title: "This page has failed",
  what: "It is a fault of ours, and it was noted. What you sent is safe; open the page again, or go to the lobby.",
  reload: "Open again",
  toLobby: "Go to the lobby",
  passing: "Something in this page went wrong. It was noted. If anything looks odd, open the page again.",
};

export const failureKo: FailureWords = {
  title: "화면에 문제가 생겼습니다",
  what: "저희 쪽 오류이며 기록해 두었습니다. 보낸 메시지는 안전합니다. 다시 열거나 로비로 가 주세요.",
  reload: "다시 열기",
  toLobby: "로비로 가기",
  passing: "화면에서 오류가 생겨 기록해 두었습니다. 이상해 보이면 다시 열어 주세요.",
};
