import type { CircleWords } from "../circle.ts";

export const circleKo: CircleWords = {
  lines: "1:1 대화",
  private: "비공개",
  members: "멤버",
  out: (title) => `이제 ${title}에 있지 않습니다.`,
  closedAccount: "탈퇴한 계정",
  joined: (name) => `${name}님이 들어왔습니다.`,
  left: (name) => `${name}님이 나갔습니다.`,
  removed: (name) => `${name}님을 내보냈습니다.`,
  role: (name, role) => `${name}님은 이제 이 방의 ${role}입니다.`,
  roles: { owner: "방장", moderator: "부방장", member: "멤버" },
};
