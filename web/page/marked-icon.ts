/** The icon of the page with a dot, drawn when it is first needed. */

export type Dot = "none" | "news" | "mention";

const COLOURS = { news: "#6b6470", mention: "#d3231f" } as const;

/** @returns a function that shows the icon with a dot or as it was. An icon that cannot be read stays as it is. */
export function createMarkedIcon(document: Document, read: (url: string) => Promise<string>) {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plain = link?.href;
  let shown: Dot = "none";
  let image: Promise<string> | undefined;

  return (dot: Dot): void => {
    if (!link || !plain || dot === shown) return;
    shown = dot;
    if (dot === "none") {
      link.href = plain;
      return;
    }
    image ??= read(plain);
    image.then(
      (svg) => {
        if (shown === dot) link.href = withDot(svg, COLOURS[dot]);
      },
      () => {
        image = undefined;
      },
    );
  };
}

function withDot(svg: string, colour: string): string {
  const circle = `<circle cx="25" cy="7" r="6.5" fill="${colour}" stroke="#fff" stroke-width="1.5"/>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.replace("</svg>", `${circle}</svg>`))}`;
}
