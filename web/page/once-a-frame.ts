/** The rhythm of rendering: at most once a frame, however fast messages come. */

/** A tab that is not looked at gets no frames, yet others may look into it: assistive tools, tests, previews. */
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
