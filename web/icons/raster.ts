/** Pixels of pictures. Edges are smooth: of each pixel the covered part counts. */
import type { Picture, Point } from "./shapes.ts";

/** Four bytes a pixel: red, green, blue, opacity. */
export type Pixels = { width: number; height: number; bytes: Uint8Array };

/** How many lines of a pixel are looked at; along a line its covered part is exact. */
const LINES = 8;

export function createCanvas(width: number, height: number) {
  /** Colours already multiplied by the opacity. */
  const values = new Float32Array(width * height * 4);

  return {
    /** Covers all of it with one colour. */
    fill(colour: string): void {
      paint(colour, () => 1);
    },
    /** @param scale pixels of a unit of the picture, whose corner comes to `x`, `y`. */
    draw({ shapes }: Picture, scale: number, x = 0, y = 0): void {
      for (const { fill, outline } of shapes) {
        const covered = coverage(
          outline.map(([px, py]) => [x + px * scale, y + py * scale] as const),
          width,
          height,
        );
        paint(fill, (i) => covered[i] ?? 0);
      }
    },
    pixels(): Pixels {
      const bytes = new Uint8Array(values.length);
      for (let i = 0; i < values.length; i += 4) {
        const opacity = values[i + 3] ?? 0;
        if (opacity === 0) continue;
        for (let part = 0; part < 3; part++) bytes[i + part] = Math.round((values[i + part] ?? 0) / opacity);
        bytes[i + 3] = Math.round(255 * opacity);
      }
      return { width, height, bytes };
    },
  };

  function paint(colour: string, covered: (pixel: number) => number): void {
    const parts = [...partsOf(colour), 1];
    for (let pixel = 0; pixel < width * height; pixel++) {
      const share = covered(pixel);
      if (share === 0) continue;
      for (const [part, value] of parts.entries()) {
        const i = pixel * 4 + part;
        values[i] = value * share + (values[i] ?? 0) * (1 - share);
      }
    }
  }
}

/** @param colour `#rgb` or `#rrggbb`. */
function partsOf(colour: string): number[] {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(colour);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(colour);
  const parts = long?.slice(1) ?? short?.slice(1).map((digit) => digit + digit);
  if (!parts) throw new Error(`an icon has the colour ${colour}`);
  return parts.map((part) => Number.parseInt(part, 16));
}

/** @returns the covered part of each pixel, 0 to 1. */
function coverage(outline: readonly Point[], width: number, height: number): Float32Array {
  const covered = new Float32Array(width * height);
  for (let line = 0; line < height * LINES; line++) {
    const row = Math.floor(line / LINES) * width;
    const crossings = crossingsAt((line + 0.5) / LINES, outline);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, crossings[i] ?? 0);
      const to = Math.min(width, crossings[i + 1] ?? 0);
      for (let x = Math.floor(from); x < to; x++)
        covered[row + x] = (covered[row + x] ?? 0) + (Math.min(to, x + 1) - Math.max(from, x)) / LINES;
    }
  }
  return covered;
}

function crossingsAt(y: number, outline: readonly Point[]): number[] {
  const found: number[] = [];
  let before = outline.at(-1);
  for (const point of outline) {
    if (before && before[1] <= y !== point[1] <= y)
      found.push(before[0] + ((y - before[1]) * (point[0] - before[0])) / (point[1] - before[1]));
    before = point;
  }
  return found.sort((a, b) => a - b);
}
