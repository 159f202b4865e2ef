/** The style sheet of on-demand parts, which the page names but does not load (index.html). */

const PLACE = "meta[name=more-styles]";

/**
 * Adds it to the page, once. A page without a name for it, as tests have, needs none.
 * @throws Error when it could not be fetched; the next call tries again.
 */
export function addStyles(page: Document): Promise<void> {
  const href = page.querySelector<HTMLMetaElement>(PLACE)?.content;
  if (!href || page.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = page.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error("the styles of on-demand parts did not come"));
    };
    page.head.append(link);
  });
}
