import { splitLinks } from "../../state/text-parts.ts";

/** A text with its links of http and https. They are elements, never HTML, and what is shown is where they lead. @param inLog makes them no stops of the Tab key: arrow keys reach what is in a message. */
export function Links({ text, inLog }: { text: string; inLog?: boolean }) {
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
            tabIndex={inLog ? -1 : undefined}
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
