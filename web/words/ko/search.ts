import type { SearchWords } from "../search.ts";

const number = new Intl.NumberFormat("ko");

export const searchKo: SearchWords = {
  title: "이 방에서 검색",
  placeholder: "메시지 속 낱말",
  hint: "적은 낱말이 모두 들어 있는 이 방의 메시지를 최근 것부터 보여 드려요.",
  short: "두 글자 이상인 낱말이 하나는 있어야 해요.",
  searching: "찾는 중…",
  found: (count, more) => `메시지 ${number.format(count)}개${more ? " 이상" : ""} 찾음`,
  nothing: "그런 말이 들어 있는 메시지가 없어요.",
  nothingYet: "아직 찾지 못했어요.",
  more: "더 오래된 메시지에서 찾기",
  busy: "검색을 너무 자주 했어요. 잠시 뒤에 저절로 이어서 찾아요.",
  failed: "지금은 검색이 되지 않아요.",
};
