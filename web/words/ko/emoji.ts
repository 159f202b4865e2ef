import type { EmojiWords } from "../emoji.ts";

export const emojiKo: EmojiWords = {
  title: "이모지",
  search: "이모지 검색",
  loading: "이모지를 불러오는 중…",
  failed: "이모지를 불러오지 못했어요.",
  none: "이 이름의 이모지가 없어요.",
  recent: "최근 사용",
  noRecent: "고른 이모지가 다음부터 여기에 있어요.",
  groups: [
    "표정과 감정",
    "사람과 몸",
    "부분",
    "동물과 자연",
    "음식과 음료",
    "여행과 장소",
    "활동",
    "사물",
    "기호",
    "깃발",
  ],
  tone: "피부색",
  tones: ["기본", "밝은 색", "조금 밝은 색", "중간 색", "조금 어두운 색", "어두운 색"],
  found: (count) => `${count}개 찾음`,
  choose: "넣을 이모지",
  chosen: (name, count) => `${name}, ${count}개 중 선택`,
};
