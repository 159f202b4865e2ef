import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { makeIcons } from "./icons.ts";
import { encodePng } from "./png.ts";
import { createCanvas } from "./raster.ts";
import { readPicture } from "./shapes.ts";

const svg = (body: string, side = 8): string => `<svg viewBox="0 0 ${side} ${side}">${body}</svg>`;

/** @returns a function that gives the colour of a pixel as hex, with its opacity. */
function look(body: string, scale = 1, side = 8) {
  const canvas = createCanvas(side * scale, side * scale);
  canvas.draw(readPicture(svg(body, side)), scale);
  const { width, bytes } = canvas.pixels();
  return (x: number, y: number): string =>
    Buffer.from(bytes.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)).toString("hex");
}

test("shapes lie where browsers show them, the later ones on top", () => {
  const at = look(
    `<rect fill="#abc" x="1" y="1" width="6" height="6" rx="0"/><circle fill="#102030" cx="4" cy="4" r="2"/>`,
  );
  expect([at(0, 0), at(1, 1), at(4, 4), at(6, 6), at(7, 7)]).toEqual([
    ...["00000000", "aabbccff", "102030ff", "aabbccff", "00000000"],
  ]);
  const tail = look(`<path fill="#fff" d="M2 1h2a2 2 0 0 1 2 2v4h-4Z"/>`, 4);
  expect([tail(9, 6), tail(23, 27), tail(23, 4), tail(8, 29)]).toEqual([
    "ffffffff",
    "ffffffff",
    "00000000",
    "00000000",
  ]);
  const line = look(
    `<line stroke="#fff" stroke-width="2" stroke-linecap="round" x1="2" y1="2" x2="6" y2="2"/>`,
    4,
  );
  expect([line(5, 8), line(26, 8), line(28, 8), line(16, 12)]).toEqual([
    "ffffffff",
    "ffffffff",
    "00000000",
    "00000000",
  ]);
});

test("an edge within a pixel covers a part of it", () => {
  const at = look(`<rect fill="#fff" x="0" y="0" width="2.5" height="2.25" rx="0"/>`);
  expect([at(1, 1), at(2, 1), at(1, 2)]).toEqual(["ffffffff", "ffffff80", "ffffff40"]);
});

test.each([
  ["an element", `<ellipse cx="1" cy="1" rx="1" ry="1"/>`],
  ["a group", `<g transform="scale(2)"></g>`],
  ["a curve", `<path fill="#fff" d="M0 0c1 1 2 2 3 3Z"/>`],
  ["an ellipse's arc", `<path fill="#fff" d="M0 0a2 1 0 0 1 2 2Z"/>`],
  ["a colour's name", `<circle fill="red" cx="1" cy="1" r="1"/>`],
])("%s that would look otherwise in browsers fails the build", (_, body) => {
  expect(() => look(body)).toThrow(/icon/);
});

test("a picture comes back from the file as it was", () => {
  const pixels = { width: 2, height: 2, bytes: Uint8Array.from({ length: 16 }, (_, i) => i * 16) };
  const file = encodePng(pixels);
  expect(file.subarray(1, 4).toString()).toBe("PNG");
  const length = file.readUInt32BE(33);
  const lines = inflateSync(file.subarray(41, 41 + length));
  expect([...lines]).toEqual([0, ...pixels.bytes.subarray(0, 8), 0, ...pixels.bytes.subarray(8)]);
});

test("each icon has its own name, and those that launchers cut have no corner of another colour", () => {
  const icons = makeIcons(svg(`<circle fill="#fff" cx="4" cy="4" r="4"/>`), svg("", 64));
  expect([...icons.keys()]).toEqual([
    ...["icon-192.png", "icon-512.png", "icon-maskable-512.png", "apple-touch-icon.png", "preview.png"],
  ]);
  const sides = [...icons.values()].map((file) => Buffer.from(file).readUInt32BE(16));
  expect(sides).toEqual([192, 512, 512, 180, 64]);
});
