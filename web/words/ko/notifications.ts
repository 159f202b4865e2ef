import type { NotificationWords } from "../notifications.ts";

export const notificationsKo: NotificationWords = {
  title: "알림",
  turnOn: "알림 켜기",
  turnOff: "알림 끄기",
  hideText: "알림에 메시지 내용을 보이지 않기",
  roomMenu: "이 대화방",
  level: "알림 받기",
  levels: { all: "모두", mentions: "나를 부를 때", none: "받지 않기" },
  silent: "알림 끔",
  states: {
    unknown: "확인하고 있어요.",
    unable: "이 브라우저나 주소에서는 알림을 쓸 수 없어요.",
    denied: "브라우저에서 알림이 차단되어 있어요. 브라우저 설정에서 허용해 주세요.",
    off: "창을 닫아도 나를 부른 메시지와 내 메시지의 답장을 알려 드려요.",
    on: "창을 닫아도 나를 부른 메시지와 내 메시지의 답장을 알려 드리고 있어요.",
    page: "창이 열려 있는 동안 나를 부른 메시지와 내 메시지의 답장을 알려 드려요. 이 브라우저에서는 창을 닫으면 알릴 수 없어요.",
    failed: "알림 설정을 바꾸지 못했어요. 잠시 뒤 다시 해 주세요.",
  },
};
