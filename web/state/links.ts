/** Passes links on: by the phone's own list of ways, or by the clipboard. */
import type { Toasts } from "./toasts.ts";

type LinksDeps = { view: Window; notify: Toasts["show"] };

export type Links = ReturnType<typeof createLinks>;

export function createLinks({ view, notify }: LinksDeps) {
  /** Whether the browser has a list of ways to pass something on. */
  const canPassOn = "share" in view.navigator;

  return {
    canPassOn,
    copy,
    passOn,
    /** In the way that is usual on this device. */
    async share(title: string, url: string): Promise<void> {
      const isPhone = view.matchMedia("(pointer: coarse)").matches;
      await (isPhone && canPassOn ? passOn(title, url) : copy(url));
    },
  };

  async function copy(url: string): Promise<void> {
    notify({ about: (await isCopied(view, url)) ? "copied" : "not-copied" });
  }

  /** A person who changes their mind rejects it, which is no failure. */
  async function passOn(title: string, url: string): Promise<void> {
    await view.navigator.share({ title, url }).catch(() => undefined);
  }
}

/** Without TLS only pages on the own machine have a clipboard; elsewhere the older way still works. */
async function isCopied({ navigator, document }: Window, text: string): Promise<boolean> {
  if ("clipboard" in navigator) {
    return await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = Object.assign(document.createElement("textarea"), { value: text });
  // In an open dialog nothing outside of it can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}
