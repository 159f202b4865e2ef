/** The icons that must be PNG, drawn from the icon of the tab when the client is built. */
import { encodePng } from "./png.ts";
import { createCanvas } from "./raster.ts";
import { readPicture } from "./shapes.ts";

/** The light theme's own. */
const BACKGROUND = "#f6f4f1";
/** The share of an icon's side. Launchers cut `maskable` ones to a circle of 0.8. */
const MASKABLE = 0.72;
const APPLE = 0.78;
/** Where the icon stands in the picture of link previews. */
const IN_PREVIEW = { x: 140, y: 155, side: 320 };

/** @param icon and @param preview as SVG. @returns files by name. */
export function makeIcons(icon: string, preview: string): Map<string, Uint8Array> {
  const picture = readPicture(icon);
  const scene = readPicture(preview);
  return new Map([
    ["icon-192.png", draw(192)],
    ["icon-512.png", draw(512)],
    ["icon-maskable-512.png", draw(512, MASKABLE)],
    ["apple-touch-icon.png", draw(180, APPLE)],
    ["preview.png", drawPreview()],
  ]);

  /** @param share without one, the icon fills all of it and has no background. */
  function draw(side: number, share?: number): Uint8Array {
    const canvas = createCanvas(side, side);
    if (share) canvas.fill(BACKGROUND);
    const own = side * (share ?? 1);
    canvas.draw(picture, own / picture.width, (side - own) / 2, (side - own) / 2);
    return encodePng(canvas.pixels());
  }

  function drawPreview(): Uint8Array {
    const canvas = createCanvas(scene.width, scene.height);
    canvas.fill(BACKGROUND);
    canvas.draw(scene, 1);
    canvas.draw(picture, IN_PREVIEW.side / picture.width, IN_PREVIEW.x, IN_PREVIEW.y);
    return encodePng(canvas.pixels());
  }
}
