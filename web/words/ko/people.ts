import type { PeopleWords } from "../people.ts";

const number = new Intl.NumberFormat("ko");

export const peopleKo: PeopleWords = {
  title: "지금 있는 사람",
  filter: "이름으로 찾기",
  found: (count) => `${number.format(count)}명 찾음`,
  nobodyFound: "그런 이름은 여기 없어요.",
  guests: (count) => `손님 ${number.format(count)}명`,
  unnamed: (count) => `외 ${number.format(count)}명`,
  ignored: "차단함",
  mention: "부르기",
  reportThis: "이 메시지 신고",
  reportNewest: "최근 메시지 신고",
  share: "이 방의 링크 공유",
};
