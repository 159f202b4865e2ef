import fc from "fast-check";
import { expect, test } from "vitest";
import { CONFUSABLES } from "../../shared/server/identity/unicode-security.ts";
import { checkNickname } from "./nickname.ts";

const REFUSED = { ok: false, code: "not_allowed" };

test.each([
  ...[
    "admin",
    "ADMIN",
    "Admin",
    "a.d.m.i.n",
    "a d m i n",
    "[admin]",
    "admin 👑",
    "admin1",
    "4dm1n",
    "@dm!n",
    "adrnin",
  ],
  ...[
    "аdmin",
    "аԁміп",
    "ADMİN",
    "admın",
    "ạdmin",
    "adṃin",
    "ađmin",
    "a\u0336d\u0336min",
    "a\u20ddd\u20ddmin",
  ],
  ...[
    "ａｄｍｉｎ",
    "ᴀᴅᴍɪɴ",
    "⒜⒟⒨⒤⒩",
    "🅰🅳🅼🅸🅽",
    "🇦🇩🇲🇮🇳",
    "admin\ufffc",
    "admin\u{1d159}",
    "adm𝅘in",
    "ꓮꓓꓟꓲꓠ",
    "𝐚𝐝𝐦𝐢𝐧",
  ],
  ...[
    "ADMIN!",
    "!!admin!!",
    "admin+1",
    "|admin|",
    "Adm¡n",
    "アドミン",
    "ｱﾄﾞﾐﾝ",
    "Admin Bob",
    "Bob (admin)",
    "system admin",
    "administrator",
    "Moderator",
    "m0derat0r",
    "MODS",
    "админ",
    "АДМИН",
  ],
  ...[
    "관리자",
    "관 리 자",
    "관리자님",
    "ㄱㅘㄴㄹㅣㅈㅏ",
    "운영자",
    "운영자 봇",
    "Suda",
    "S.u.d.a",
    "5uda",
    "Suda Team",
    "수다",
    "수다 봇",
  ],
  ...[
    "system",
    "5ystem",
    "ѕуѕтем",
    "시스템",
    "管理员",
    "管理人",
    "運営",
    "yönetici",
    "staff",
    "official",
    "support team",
  ],
  ...["closed account", "CLOSED  ACCOUNT", "сlоsеd аccount", "cIosed_account"],
])("nobody may be called %j", (raw) => {
  expect(checkNickname(raw)).toEqual(REFUSED);
});

test.each([
  "Adminka",
  "Sudarshan",
  "Modesta",
  "Rooted",
  "Sudanese",
  "수다쟁이",
  "관리왕",
  "Systema",
  "Amin",
  "Nimda",
])("%j is somebody's name", (raw) => {
  expect(checkNickname(raw)).toMatchObject({ ok: true });
});

const shapes = new Map<string, string[]>();
for (const [alike, prototype] of CONFUSABLES)
  for (const letter of [prototype, prototype.toLowerCase()])
    shapes.set(letter, [...(shapes.get(letter) ?? []), alike]);
const spelling = (word: string) =>
  fc
    .tuple(
      ...[...word].map((letter) =>
        fc.record({
          letter: fc.constantFrom(letter, letter.toUpperCase(), ...(shapes.get(letter) ?? [])),
          between: fc.constantFrom("", "", "", ".", " ", "_", "-", "★", "\u0323", "\u0301"),
        }),
      ),
    )
    .map((parts) => parts.map(({ letter, between }) => letter + between).join(""));

test("in any letters that look like its own, and with anything between them, such a word is refused", () => {
  const word = fc.constantFrom("admin", "moderator", "suda", "system", "staff", "관리자", "수다");
  fc.assert(
    fc.property(word.chain(spelling), (raw) => {
      expect(checkNickname(raw).ok, raw).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
