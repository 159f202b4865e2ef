import { expect, test } from "vitest";
import { toward } from "./particle.ts";

test("the particle after a word is the one that its last sound asks for", () => {
  const words = [
    "하늘",
    "바다",
    "강산",
    "서울",
    "관리자",
    "Ann",
    "Anna",
    "Bill",
    "user7",
    "user6",
    "하늘 🙂",
    "\u2068하늘\u2069",
  ];
  expect(words.map((word) => toward(word))).toEqual([
    "로",
    "로",
    "으로",
    "로",
    "로",
    "으로",
    "로",
    "로",
    "로",
    "으로",
    "로",
    "로",
  ]);
});

test("a word whose last sound is not known gets both", () => {
  expect(["", "🙂", "空", "Мир"].map((word) => toward(word))).toEqual(Array(4).fill("(으)로"));
});
