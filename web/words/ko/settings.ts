import type { SettingsWords } from "../settings.ts";

export const settingsKo: SettingsWords = {
  title: "설정",
  labels: {
    textSize: "글자 크기",
    clock: "시계",
    motion: "움직임",
    aloud: "화면 낭독기가 읽을 것",
    sound: "나를 부를 때 소리",
    keys: "한 글자 단축키",
  },
  choices: {
    textSize: { normal: "보통", large: "크게", largest: "아주 크게" },
    clock: { region: "지역에 맞게", "12": "12시간", "24": "24시간" },
    motion: { system: "시스템", reduced: "줄이기" },
    aloud: { all: "모든 메시지", mentions: "나를 부른 것만", nothing: "읽지 않음" },
    sound: { off: "끄기", on: "켜기" },
    keys: { on: "켜기", off: "끄기" },
  },
  allKeys: "모든 단축키",
  spoken: (name, text) => `${name}님이 나에게: ${text}`,
};
