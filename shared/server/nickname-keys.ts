/**
 * When two nicknames are one: they read alike (the key), or they look alike (the skeleton). Here rather than in the
 * gateway, since the worker works out what names from before this rule lack, and `mint` makes names too.
 */

export type NicknameKeys = { key: string; skeleton: string };

/** Makes a symbol an emoji: the one invisible character that a name may hold. It counts for nothing. */
const EMOJI_STYLE = /\ufe0f/g;
const SPACES = /\p{Zs}+/gu;

/**
 * Prototypes as in Unicode's confusables.txt (UTS 39), reduced to the scripts that look like Latin and are typed:
 * Cyrillic, Greek, Armenian, Latin's own variants, and digits. What NFKC folds (full width, mathematical letters) is
 * not repeated. Read as: each of these characters looks like that one.
 */
const LOOKS_LIKE: readonly (readonly [string, string])[] = [
  ["ΑА", "A"],
  ["ꞴΒВ", "B"],
  ["СϹ", "C"],
  ["ΕЕ", "E"],
  ["ꞘϜ", "F"],
  ["Ԍ", "G"],
  ["ΗН", "H"],
  ["ꞲͿЈ", "J"],
  ["ΚК", "K"],
  ["ΜϺМ", "M"],
  ["Ν", "N"],
  ["ΟОՕ0", "O"],
  ["ΡР", "P"],
  ["ЅՏ", "S"],
  ["ΤТ", "T"],
  ["Ս", "U"],
  ["Ѵ", "V"],
  ["Ԝ", "W"],
  ["ꞳΧХ", "X"],
  ["ΥУҮ", "Y"],
  ["Ζ", "Z"],
  ["ɑαа", "a"],
  ["ƄЬ", "b"],
  ["ᴄсϲ", "c"],
  ["ԁ", "d"],
  ["ꬲеҽ", "e"],
  ["ꬵꞙẝք", "f"],
  ["ɡᶃƍց", "g"],
  ["һհ", "h"],
  ["ıɪɩιіꙇӏ", "i"],
  ["ϳј", "j"],
  ["I1|ƖǀΙІӀ", "l"],
  ["ոռ", "n"],
  ["ᴏᴑꬽοσоօ", "o"],
  ["ρр", "p"],
  ["ԛգզ", "q"],
  ["ꭇꭈᴦг", "r"],
  ["ꜱƽѕ", "s"],
  ["ꞟᴜꭎꭒʋυս", "u"],
  ["ᴠνѵ", "v"],
  ["ɯᴡѡԝա", "w"],
  ["х", "x"],
  ["ɣᶌʏỿꭚγуү", "y"],
  ["ᴢ", "z"],
  ["Æ", "AE"],
  ["æ", "ae"],
  ["Œ", "OE"],
  ["œ", "oe"],
  ["m", "rn"],
  ["ꞫȜƷЗӠ", "3"],
  ["ƧꙄ", "2"],
  ["б", "6"],
  ["Ȣȣ", "8"],
  ["ᅵ丨", "l"],
  ["ᅳ一ー", "-"],
];
const PROTOTYPES = new Map(LOOKS_LIKE.flatMap(([alike, one]) => [...alike].map((each) => [each, one])));

/** @param nickname one that was accepted. */
export function nicknameKeys(nickname: string): NicknameKeys {
  const plain = nickname.replace(EMOJI_STYLE, "").normalize("NFKC");
  return { key: folded(plain), skeleton: folded(skeletonOf(plain)) };
}

/** Case folded. Upper before lower, since folding must meet `ß` with `SS` and final with other sigmas. */
function folded(text: string): string {
  const lower = text.toUpperCase().toLowerCase().normalize("NFKC");
  return lower.replaceAll("ς", "σ").replace(SPACES, " ").trim();
}

/**
 * What the name looks like, letter by letter, as it is written: capital and small letters of one sound look different
 * (`I` is like `l`, `i` is not). Hangul is taken apart, so that single vowels meet the strokes they look like.
 */
function skeletonOf(plain: string): string {
  let looks = "";
  for (const each of plain.normalize("NFD")) looks += PROTOTYPES.get(each) ?? each;
  return looks.normalize("NFC");
}
