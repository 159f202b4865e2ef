import type { ModerationWords } from "../moderation.ts";
import { toward } from "../particle.ts";

export const moderationKo: ModerationWords = {
  report: "신고",
  reported: "신고해 주셔서 감사합니다. 운영자가 확인하겠습니다.",
  ignore: "차단",
  nowIgnored: (name) => `${name}님의 메시지가 더 이상 보이지 않습니다. 내 계정에서 되돌릴 수 있습니다.`,
  moderate: "관리",
  roles: { user: "사용자", moderator: "운영자", admin: "관리자" },
  slowEvery: (span) => `${span}에 한 번씩`,
  notices: {
    renamed: (before, now) => `${before}님이 닉네임을 ${now}${toward(now)} 바꿨습니다.`,
    muted: (name, span, reason) =>
      `${name}님의 채팅이 ${span} 동안 제한되었습니다${reason && ` (${reason})`}.`,
    role: (name, role) => `${name}님의 역할이 바뀌었습니다: ${role}.`,
    slowOn: (name, span) => `${name}님이 천천히 모드를 켰습니다. ${span}에 한 번씩 쓸 수 있습니다.`,
    slowOff: (name) => `${name}님이 천천히 모드를 껐습니다.`,
    pinned: (name) => `${name}님이 메시지를 맨 위에 고정했습니다.`,
    unpinned: (name) => `${name}님이 고정을 풀었습니다.`,
    announced: (name, text) => `${name}님의 공지: ${text}`,
  },
};
