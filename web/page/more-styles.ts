/** The style sheet of on-demand parts, which the page names but does not load (index.html). */

const PLACE = "meta[name=more-styles]";

/**
 * Adds it to the page, once, and waits for it. A page without a name for it, as tests have, needs none.
 * @throws Error when it could not be fetched; the next call tries again.
 */
export function addStyles(page: Document): Promise<void> {
  const href = page.querySelector<HTMLMetaElement>(PLACE)?.content;
  if (!href) return Promise.resolve();
  const link = page.querySelector<HTMLLinkElement>(`link[href="${href}"]`) ?? append(page, href);
  if (link.sheet) return Promise.resolve();
  return new Promise((resolve, reject) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error("the styles of on-demand parts did not come"));
    });
  });
}

function append(page: Document, href: string): HTMLLinkElement {
  const link = page.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  page.head.append(link);
  return link;
}
