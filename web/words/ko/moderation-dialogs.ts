import type { ModerationDialogWords } from "../moderation.ts";
import { toward } from "../particle.ts";

export const moderationDialogsKo: ModerationDialogWords = {
  reportHint:
    "운영자에게 메시지와 신고 이유, 내 닉네임이 보입니다. 작성자가 메시지를 삭제해도 신고가 처리될 때까지 운영자는 볼 수 있습니다.",
  act: "조치",
  mute: "채팅 제한",
  ban: "이용 정지",
  term: "기간",
  forGood: "계속",
  liftMute: "채팅 제한 해제",
  liftBan: "이용 정지 해제",
  role: "역할",
  roleNow: "지금 역할:",
  mutedUntil: (time) => `${time}까지 채팅 제한`,
  bannedUntil: (time) => `${time}까지 이용 정지`,
  bannedForGood: "기한 없이 이용 정지",
  roleMeans: {
    user: "다른 사람과 똑같이 대화합니다.",
    moderator: "메시지를 삭제하고, 채팅을 제한하고, 대화방 설정을 바꿀 수 있습니다.",
    admin: "이용 정지, 대화방 닫기, 역할 변경까지 할 수 있습니다.",
  },
  giveRole: (role) => `역할을 ${role}${toward(role)} 변경`,
  slowMode: "천천히 모드",
  slowOff: "끔",
  noReports: "신고된 메시지가 없습니다.",
  handled: "처리함",
  handledAsk: "이 신고를 목록에서 뺄까요? 신고와 함께 보관된 메시지 내용도 삭제됩니다.",
  showMessage: "메시지 보기",
  saidOn: (time) => `보낸 시각: ${time}`,
  saidAs: (name) => `(당시 닉네임: ${name})`,
  reportOf: (author, room, reporter) => `${room}의 ${author}님, ${reporter}님이 신고`,
  somebody: "누군가",
};
