/**
 * Reserved names are refused in any spelling, because people would take their owner for the cluster or its operator.
 */

import { CLOSED_NICKNAME } from "../../shared/server/events/archived-event.ts";
import { look } from "../../shared/server/identity/nickname-keys.ts";

/** Titles of power are refused also as one word among others. */
const TITLES = [
  ...[
    "admin",
    "admins",
    "administrator",
    "moderator",
    "moderators",
    "관리자",
    "운영자",
    "어드민",
    "모더레이터",
    "アドミン",
  ],
  ...[
    "админ",
    "администратор",
    "модератор",
    "адмін",
    "адміністратор",
    "管理者",
    "管理人",
    "管理员",
    "管理員",
  ],
  ...["administrador", "moderador", "administrateur", "modérateur", "yönetici", "διαχειριστής"],
];
const WORDS = [
  ...TITLES,
  ...["administration", "mod", "mods", "moderation"],
  ...["suda", "system", "sysadmin", "root", "staff", "support", "official", "operator", "owner", "webmaster"],
  ...["관리인", "운영진", "운영팀", "수다", "시스템", "공식", "고객센터", "스태프"],
  ...["система", "sistema", "運営", "运营", "システム", "系统", "系統"],
];
/** Words that leave a title a title when they stand beside it. */
const BESIDE = ["the", "team", "bot", "chat", "service", "help", "님", "팀", "봇", "様", CLOSED_NICKNAME];

/**
 * Letters that stand for others in small print and in play. Compared after the look, in which `m` is `rn` and Cyrillic
 * `м` is `ʍ`.
 */
const PLAYED: readonly (readonly [string, string])[] = [
  ["rn", "m"],
  ["vv", "w"],
  ...(
    [
      ["ʍ", "m"],
      ["ᴛ", "t"],
      ["ʜ", "h"],
      ["ĸ", "k"],
      ["ʙ", "b"],
      ["πᴎ", "n"],
      ["ʀᴙ", "r"],
      ["l1|!¡ı", "i"],
      ["0", "o"],
      ["4@", "a"],
      ["3ꞓəǝɜ", "e"],
      ["5$", "s"],
      ["7+", "t"],
    ] as const
  ).flatMap(([played, letter]) => [...played].map((each) => [each, letter] as const)),
];
const FINALS = "ᆨᄀᆩᄁᆫᄂᆮᄃᆯᄅᆷᄆᆸᄇᆺᄉᆻᄊᆼᄋᆽᄌᆾᄎᆿᄏᇀᄐᇁᄑᇂᄒ";
const FINAL = /[\u11a8-\u11c2]/g;
const NO_LETTER = /[^\p{L}]/gu;
/** A digit or a sign stands for a letter or for itself. */
const NUMBERS = ["X+$", "^X+", "^X+|X+$", "X+"].map(
  (at) => new RegExp(at.replaceAll("X", "[\\p{N}@$|!¡+]"), "gu"),
);
const BETWEEN = /[^\p{L}\p{M}\p{N}@$|!¡+\u200c\u200d]+/u;

/** The letters of a text in their plainest form: without marks, case, spaces, strokes and signs. */
function plainest(text: string): string {
  const initial = text
    .normalize("NFKD")
    .replace(FINAL, (final) => FINALS[FINALS.indexOf(final) + 1] ?? final);
  let plain = look(initial).normalize("NFD").replace(/\p{M}/gu, "");
  for (const [played, letter] of PLAYED) plain = plain.replaceAll(played, letter);
  return plain.replace(NO_LETTER, "");
}

const spelt = (words: readonly string[]): string => {
  const spellings = words.flatMap((word) => [plainest(word), plainest(word.toUpperCase())]);
  return [...new Set(spellings)].join("|");
};
const RESERVED = new RegExp(
  `^(?:${spelt(BESIDE)})*(?:${spelt(WORDS)})(?:${spelt([...WORDS, ...BESIDE])})*$`,
  "u",
);
const TITLED = new RegExp(`^(?:${spelt(TITLES)})(?:${spelt(BESIDE)})*$`, "u");
const NOBODY = new RegExp(`^(?:${spelt([CLOSED_NICKNAME])})$`, "u");

/** @param nickname as stored. */
export function isReserved(nickname: string): boolean {
  const unnumbered = NUMBERS.map((numbers) => nickname.replace(numbers, ""));
  return [nickname, nickname.toLowerCase(), nickname.toUpperCase(), ...unnumbered].some(
    (written) =>
      isOfThem(plainest(written)) || written.split(BETWEEN).some((word) => TITLED.test(plainest(word))),
  );
}

const isOfThem = (plain: string): boolean => RESERVED.test(plain) || NOBODY.test(plain);
