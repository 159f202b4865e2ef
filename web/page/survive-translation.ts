/**
 * A page that a browser translates: Chrome puts `<font>` in the place of our text nodes, and what is written into a node that is no
 * longer in the page is not seen. A node that changes takes its place back, and is translated anew; one that goes takes
 * what stands for it along.
 */
import { options } from "preact";

/** The `<font>` in place of each text node. */
const standIns = new WeakMap<Node, ChildNode>();

/** Call once, before anything is rendered. @param root what the page is rendered into. */
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
      // By `replaceChild`, or put before or after the text, which is taken away in the next step.
      for (const text of [...removedNodes, previousSibling, nextSibling])
        if (text && isText(text) && !text.isConnected) standFor(text, added);
    }
  }

  function standFor(text: Node, font: Node) {
    standIns.set(text, font as ChildNode);
    // Also a node that is in no page tells when it changes.
    observer.observe(text, { characterData: true });
  }
}

function comeBack(text: Node) {
  const standIn = standIns.get(text);
  standIns.delete(text);
  if (standIn?.isConnected && !text.isConnected) standIn.replaceWith(text);
}

/** Preact takes a text out of the page only where it stands there. */
function forgetWithItsText() {
  const before = options.unmount;
  options.unmount = (vnode) => {
    // Preact's own name for a node of the page; a text has no type.
    const { type, __e: node } = vnode as { type: unknown; __e?: Node };
    if (type === null && node) standIns.get(node)?.remove();
    before?.(vnode);
  };
}

const isText = (node: Node): node is Text => node.nodeType === 3;
const isFont = (node: Node): boolean => node.nodeName === "FONT";
