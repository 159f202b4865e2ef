/**
 * Marks the page in a browser that is too old for it, so that the notice in `index.html` is shown, and nothing else runs.
 * Asks for the newest features that the page needs, and is built to the oldest JavaScript, ES5.
 */
if (
  !(
    window.CSS?.supports?.("color", "light-dark(red, red)") &&
    "popover" in HTMLElement.prototype &&
    window.Intl &&
    "Segmenter" in Intl
  )
)
  document.documentElement.setAttribute("data-browser", "old");
