import type { KeysWords } from "../keys.ts";

export const keysKo: KeysWords = {
  places: { page: "어디서나", field: "쓰는 중에", list: "메시지에서" },
  lines: {
    switcher: "대화방이나 사람으로 이동",
    previousRoom: "이전 대화방",
    nextRoom: "다음 대화방",
    newest: "최근 메시지와 입력란으로",
    pageUp: "한 화면 위로",
    pageDown: "한 화면 아래로",
    search: "이 방에서 검색",
    help: "모든 단축키",
    send: "보내기",
    lineBreak: "줄 바꾸기",
    reply: "방금 보낸 메시지 취소 또는 답장할 메시지 고르기 (입력란이 비었을 때)",
    readAll: "모두 읽음으로 표시",
    messages: "메시지 사이를 이동",
    author: "쓴 사람, 부른 사람, 반응으로",
    first: "맨 위로",
    last: "최근 메시지로",
    pause: "빠른 대화방 멈추기",
  },
  where: "어디로 갈까요?",
  nothingFound: "찾지 못했어요.",
};
