import type { GreetingWords } from "../greeting.ts";

export const greetingKo: GreetingWords = {
  welcome: "수다에 오신 것을 환영해요",
  lobby: "모두가 모이는 로비예요. 첫인사를 남기거나 대화방을 만들어 보세요.",
  tryWindows: "창을 하나 더 열어 서로 이야기해 보세요. 다른 게이트웨이에 연결되어도 똑같이 보여요.",
  gateway: (name) => `지금 ${name}에 연결되어 있어요.`,
  openWindow: "창 하나 더 열기",
  quiet: "아직 메시지가 없어요",
  room: "첫 메시지를 남기거나, 링크를 보내 사람들을 불러 보세요.",
  shareLink: "링크 공유",
  privateRoom: "멤버만 볼 수 있는 대화방이에요. 함께할 사람을 초대해 보세요.",
  invite: "초대하기",
  line: "두 사람만의 대화예요",
  lineHint: "다른 사람은 볼 수 없어요. 첫 메시지를 남겨 보세요.",
};
