/** Reads a picture of plain SVG as polygons: rectangles, circles, lines with round ends, and paths of lines and arcs. */

export type Point = readonly [x: number, y: number];
type Shape = { fill: string; outline: Point[] };
/** `width` and `height`: of the view box. */
export type Picture = { width: number; height: number; shapes: Shape[] };

const ELEMENT = /<(rect|circle|line|path)\s([^>]*)\/>/g;
const ATTRIBUTE = /([a-z0-9-]+)="([^"]*)"/g;
/** Elements that show nothing by themselves. */
const WITHOUT_SHAPE = /<(?!svg|title|!--|rect|circle|line|path|\/)[^>]*>/;
const CIRCLE_POINTS = 128;
const ARC_POINTS = 32;

/** @throws Error for anything that it cannot draw, because browsers show the same file. */
export function readPicture(svg: string): Picture {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const [unknown] = WITHOUT_SHAPE.exec(svg) ?? [];
  if (!width || !height || unknown) throw new Error(`an icon has ${unknown ?? "no view box"}`);
  const shapes = [...svg.matchAll(ELEMENT)].map(([, name = "", rest = ""]) => {
    const given = new Map([...rest.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, value]));
    return {
      fill: given.get(name === "line" ? "stroke" : "fill") ?? "",
      outline: outlineOf(name, (key) => given.get(key) ?? "0"),
    };
  });
  return { width: Number(width), height: Number(height), shapes };
}

function outlineOf(name: string, get: (key: string) => string): Point[] {
  const n = (key: string): number => Number(get(key));
  if (name === "path") return readPath(get("d"));
  if (name === "circle") return around(n("cx"), n("cy"), n("r"), 0, 2 * Math.PI, CIRCLE_POINTS);
  if (name === "rect") {
    const [x, y, r] = [n("x"), n("y"), n("rx")];
    const [right, bottom, quarter] = [x + n("width") - r, y + n("height") - r, Math.PI / 2];
    const corner = (cx: number, cy: number, turn: number) =>
      around(cx, cy, r, turn * quarter, (turn + 1) * quarter, ARC_POINTS);
    return [
      ...corner(right, bottom, 0),
      ...corner(x + r, bottom, 1),
      ...corner(x + r, y + r, 2),
      ...corner(right, y + r, 3),
    ];
  }
  if (get("stroke-linecap") !== "round") throw new Error("a line of an icon has no round ends");
  const [x1, y1, x2, y2, r] = [n("x1"), n("y1"), n("x2"), n("y2"), n("stroke-width") / 2];
  const side = Math.atan2(y2 - y1, x2 - x1) - Math.PI / 2;
  return [
    ...around(x2, y2, r, side, side + Math.PI, ARC_POINTS),
    ...around(x1, y1, r, side + Math.PI, side + 2 * Math.PI, ARC_POINTS),
  ];
}

/** One outline of relative lines and of quarter-like arcs, as `a5 5 0 0 1 5 5`. */
function readPath(d: string): Point[] {
  const outline: Point[] = [];
  let [x, y] = [0, 0];
  for (const [, command = "", rest = ""] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const [a = 0, b = 0, ...more] = [...rest.matchAll(/-?\d*\.?\d+/g)].map(Number);
    const from: Point = [x, y];
    if (command === "M") [x, y] = [a, b];
    else if (command === "h") x += a;
    else if (command === "v") y += a;
    else if (command === "l") [x, y] = [x + a, y + b];
    else if (command === "a") {
      const [turn, isLarge, isClockwise, dx = 0, dy = 0] = more;
      if (a !== b || turn !== 0 || isLarge !== 0 || isClockwise !== 1)
        throw new Error(`the path of an icon has the arc ${rest}`);
      [x, y] = [x + dx, y + dy];
      outline.push(...arc(from, [x, y], a));
    } else if (command !== "Z") throw new Error(`the path of an icon has ${command}`);
    outline.push([x, y]);
  }
  return outline;
}

/** The smaller arc, clockwise. */
function arc([x1, y1]: Point, [x2, y2]: Point, r: number): Point[] {
  const [dx, dy] = [(x1 - x2) / 2, (y1 - y2) / 2];
  const k = Math.sqrt(Math.max(0, (r * r) / (dx * dx + dy * dy) - 1));
  const [cx, cy] = [(x1 + x2) / 2 + k * dy, (y1 + y2) / 2 - k * dx];
  const begin = Math.atan2(y1 - cy, x1 - cx);
  const end = Math.atan2(y2 - cy, x2 - cx);
  return around(cx, cy, r, begin, end < begin ? end + 2 * Math.PI : end, ARC_POINTS);
}

function around(cx: number, cy: number, r: number, begin: number, end: number, steps: number): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = begin + ((end - begin) * i) / steps;
    return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)] as const;
  });
}
