/** Sentences about moderation. Names are isolated already. */
import type { Role } from "../../shared/server-frames.ts";

export type ModerationWords = {
  report: string;
  reportHint: string;
  reported: string;
  ignore: string;
  nowIgnored: (name: string) => string;
  moderate: string;
  act: string;
  mute: string;
  ban: string;
  term: string;
  forGood: string;
  liftMute: string;
  liftBan: string;
  role: string;
  roles: Record<Role, string>;
  roleNow: string;
  mutedUntil: (time: string) => string;
  bannedUntil: (time: string) => string;
  bannedForGood: string;
  roleMeans: Record<Role, string>;
  giveRole: (role: string) => string;
  roomSettings: string;
  slowMode: string;
  slowOff: string;
  slowEvery: (span: string) => string;
  reports: string;
  noReports: string;
  handled: string;
  handledAsk: string;
  showMessage: string;
  saidOn: (time: string) => string;
  saidAs: (name: string) => string;
  reportOf: (author: string, room: string, reporter: string) => string;
  somebody: string;
  notices: {
    renamed: (before: string, now: string) => string;
    muted: (name: string, span: string, reason: string) => string;
    role: (name: string, role: string) => string;
    slowOn: (name: string, span: string) => string;
    slowOff: (name: string) => string;
  };
};

export const moderationEn: ModerationWords = {
  report: "Report",
  reportHint:
    "Moderators will see the message, your reason and your nickname. They see the message until they have dealt with your report, even if its author deletes it.",
  reported: "Thank you. The moderators will look at it.",
  ignore: "Ignore",
  nowIgnored: (name) => `You no longer see what ${name} writes. Your account settings undo this.`,
  moderate: "Moderate",
  act: "Action",
  mute: "Mute",
  ban: "Ban",
  term: "For how long",
  forGood: "For good",
  liftMute: "Lift the mute",
  liftBan: "Lift the ban",
  role: "Role",
  roles: { user: "User", moderator: "Moderator", admin: "Admin" },
  roleNow: "Role now:",
  mutedUntil: (time) => `Muted until ${time}`,
  bannedUntil: (time) => `Banned until ${time}`,
  bannedForGood: "Banned for good",
  roleMeans: {
    user: "Talks like everybody else.",
    moderator: "May delete messages, mute people and change the settings of rooms.",
    admin: "May also ban people, close rooms and give roles, this one too.",
  },
  giveRole: (role) => `Change the role to ${role}`,
  roomSettings: "Room settings",
  slowMode: "Slow mode",
  slowOff: "Off",
  slowEvery: (span) => `One message every ${span}`,
  reports: "Reported messages",
  noReports: "Nothing was reported.",
  handled: "Seen to",
  handledAsk: "Take this report off the list? What it kept of the message is deleted with it.",
  showMessage: "Show the message",
  saidOn: (time) => `Sent ${time}`,
  saidAs: (name) => `under the name ${name}`,
  reportOf: (author, room, reporter) => `${author} in ${room}, reported by ${reporter}`,
  somebody: "somebody",
  notices: {
    renamed: (before, now) => `${before} is now called ${now}.`,
    muted: (name, span, reason) => `${name} was muted for ${span}${reason && `: ${reason}`}.`,
    role: (name, role) => `${name} has a new role: ${role}.`,
    slowOn: (name, span) => `${name} turned on slow mode: one message every ${span}.`,
    slowOff: (name) => `${name} turned off slow mode.`,
  },
};

export const moderationKo: ModerationWords = {
  report: "신고",
  reportHint:
    "운영자에게 메시지와 신고 이유, 내 닉네임이 보입니다. 작성자가 메시지를 삭제해도 신고가 처리될 때까지 운영자는 볼 수 있습니다.",
  reported: "신고해 주셔서 감사합니다. 운영자가 확인하겠습니다.",
  ignore: "차단",
  nowIgnored: (name) => `${name}님의 메시지가 더 이상 보이지 않습니다. 내 계정에서 되돌릴 수 있습니다.`,
  moderate: "관리",
  act: "조치",
  mute: "채팅 제한",
  ban: "이용 정지",
  term: "기간",
  forGood: "계속",
  liftMute: "채팅 제한 해제",
  liftBan: "이용 정지 해제",
  role: "역할",
  roles: { user: "사용자", moderator: "운영자", admin: "관리자" },
  roleNow: "지금 역할:",
  mutedUntil: (time) => `${time}까지 채팅 제한`,
  bannedUntil: (time) => `${time}까지 이용 정지`,
  bannedForGood: "기한 없이 이용 정지",
  roleMeans: {
    user: "다른 사람과 똑같이 대화합니다.",
    moderator: "메시지를 삭제하고, 채팅을 제한하고, 대화방 설정을 바꿀 수 있습니다.",
    admin: "이용 정지, 대화방 닫기, 역할 변경까지 할 수 있습니다.",
  },
  giveRole: (role) => `역할을 ${role}(으)로 변경`,
  roomSettings: "대화방 설정",
  slowMode: "천천히 모드",
  slowOff: "끔",
  slowEvery: (span) => `${span}에 한 번씩`,
  reports: "신고된 메시지",
  noReports: "신고된 메시지가 없습니다.",
  handled: "처리함",
  handledAsk: "이 신고를 목록에서 뺄까요? 신고와 함께 보관된 메시지 내용도 삭제됩니다.",
  showMessage: "메시지 보기",
  saidOn: (time) => `보낸 시각: ${time}`,
  saidAs: (name) => `(당시 닉네임: ${name})`,
  reportOf: (author, room, reporter) => `${room}의 ${author}님, ${reporter}님이 신고`,
  somebody: "누군가",
  notices: {
    renamed: (before, now) => `${before}님이 닉네임을 ${now}(으)로 바꿨습니다.`,
    muted: (name, span, reason) =>
      `${name}님의 채팅이 ${span} 동안 제한되었습니다${reason && ` (${reason})`}.`,
    role: (name, role) => `${name}님의 역할이 바뀌었습니다: ${role}.`,
    slowOn: (name, span) => `${name}님이 천천히 모드를 켰습니다. ${span}에 한 번씩 쓸 수 있습니다.`,
    slowOff: (name) => `${name}님이 천천히 모드를 껐습니다.`,
  },
};
