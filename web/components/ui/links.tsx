import { splitLinks } from "../../state/text-parts.ts";

/** A text with its links of http and https. They are elements, never HTML, and what is shown is where they lead. */
export function Links({ text }: { text: string }) {
  return (
    <>
      {splitLinks(text).map(({ text: part, href, shown }, n) =>
        href === undefined ? (
          part
        ) : (
          <a
            class="link-out"
            key={n}
            href={href}
            target="_blank"
            rel="noopener nofollow ugc"
            referrerpolicy="no-referrer"
            dir="ltr"
            translate={false}
          >
            {shown}
          </a>
        ),
      )}
    </>
  );
}
