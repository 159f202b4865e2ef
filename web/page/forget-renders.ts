/**
 * Lets go of what components showed before. Preact keeps the first virtual nodes of a component that renders again by itself, and
 * from these all later ones can be reached, with their elements: every message that was ever on screen (Preact 11.2, seen in a
 * heap snapshot; `npm run page-soak` measures it).
 */
import type { options, VNode } from "preact";

/** Preact's names for its own fields, which its other add-ons use too. */
type Inner = { __c?: { __v?: Inner } | null; __k?: unknown };
type Hooks = typeof options & { __b?: (vnode: VNode) => void };

/** Call once, after the other add-ons are loaded. */
export function forgetRenders(hooks: Hooks): void {
  const before = new WeakMap<Inner, Inner>();
  const { __b: begin, diffed } = hooks;

  hooks.__b = (vnode) => {
    const inner = vnode as Inner;
    const old = inner.__c?.__v;
    // Only a component that renders by itself begins with a copy of its own node.
    if (old && old !== inner) before.set(inner, old);
    begin?.(vnode);
  };
  hooks.diffed = (vnode) => {
    diffed?.(vnode);
    const old = before.get(vnode as Inner);
    if (!old) return;
    before.delete(vnode as Inner);
    old.__k = undefined;
  };
}
