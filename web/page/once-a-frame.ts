/** The rhythm of rendering: at most once a frame, however fast messages come. */

/** A hidden tab gets no frames, but assistive tools, tests and previews may still read it. */
const UNSEEN_MS = 200;

/** Runs `render` with the next frame, or soon after when no frame comes. */
export function onceAFrame(render: () => void) {
  const timer = setTimeout(run, UNSEEN_MS);
  const frame = requestAnimationFrame(run);

  function run() {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    render();
  }
}
