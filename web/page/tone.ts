/** A short tone, made by the browser itself. */

const SECONDS = 0.18;
const VOLUME = 0.08;
/** Two notes, a fourth apart. */
const NOTES_HZ = [660, 880];

/** Plays it. Silent where the browser allows no sound before the first touch of the page. */
export function playTone() {
  const audio = new AudioContext();
  const gain = audio.createGain();
  gain.connect(audio.destination);
  const ends = NOTES_HZ.length * SECONDS;
  gain.gain.value = VOLUME;
  NOTES_HZ.forEach((hertz, n) => {
    const note = audio.createOscillator();
    note.frequency.value = hertz;
    note.connect(gain);
    note.start(audio.currentTime + n * SECONDS);
    note.stop(audio.currentTime + (n + 1) * SECONDS);
  });
  setTimeout(() => void audio.close(), (ends + 1) * 1_000);
}
