/**
 * Keeps a translated page up to date. Chrome replaces our text nodes with `<font>` elements, and changes of a text node
 * outside the page are not visible. Here a text node that changes returns to its place, and is translated again; one
 * that is removed takes its `<font>` with it.
 */
import { options } from "preact";

/** The `<font>` in place of each text node. */
const standIns = new WeakMap<Node, ChildNode>();

/** Call once, before the first render. @param root the element into which the page is rendered. */
export function surviveTranslation(root: Node) {
  const observer = new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "characterData") comeBack(record.target);
      else replaced(record);
    }
  });
  observer.observe(root, { childList: true, subtree: true });
  forgetWithItsText();

  function replaced({ removedNodes, addedNodes, previousSibling, nextSibling }: MutationRecord) {
    for (const added of addedNodes) {
      if (!isFont(added)) continue;
      // Chrome uses `replaceChild`, or inserts before or after the text and then removes it.
      for (const text of [...removedNodes, previousSibling, nextSibling])
        if (text && isText(text) && !text.isConnected) standFor(text, added);
    }
  }

  function standFor(text: Node, font: Node) {
    standIns.set(text, font as ChildNode);
    // A node outside the page reports its changes too.
    observer.observe(text, { characterData: true });
  }
}

function comeBack(text: Node) {
  const standIn = standIns.get(text);
  standIns.delete(text);
  if (standIn?.isConnected && !text.isConnected) standIn.replaceWith(text);
}

/** Preact removes only text nodes that are in the page, so their `<font>` is removed here. */
function forgetWithItsText() {
  const before = options.unmount;
  options.unmount = (vnode) => {
    // `__e` is Preact's name for the DOM node. A text node has no type.
    const { type, __e: node } = vnode as { type: unknown; __e?: Node };
    if (type === null && node) standIns.get(node)?.remove();
    before?.(vnode);
  };
}

const isText = (node: Node): node is Text => node.nodeType === 3;
const isFont = (node: Node): boolean => node.nodeName === "FONT";
