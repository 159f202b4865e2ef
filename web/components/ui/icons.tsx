/** The icons of the first script; more-icons.tsx has the others. All are decoration beside a label, so screen readers skip them. */

const PATHS = {
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.5L20 4",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 10l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 8c0-3 2.7-5 6-5s6 2 6 5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.3c1.8.8 3 2.5 3 4.7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3 2",
  done: "M5 12.5 10 17 19 7",
  alert: "M12 8v5m0 3.5v.01M12 3l9.5 17h-19L12 3Z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  shield: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6l-7-3Zm-3 9 2.2 2.2L15.5 10",
} as const;

export const Icon = ({ name }: { name: keyof typeof PATHS }) => <Drawing path={PATHS[name]} />;

export function Drawing({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

/** Two people talking at once: the mark of Suda. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        class="logo-back"
        d="M12 5h12a5 5 0 0 1 5 5v6a5 5 0 0 1-5 5v4l-5-4h-7a5 5 0 0 1-5-5v-6a5 5 0 0 1 5-5Z"
      />
      <path
        class="logo-front"
        d="M8 10h10a5 5 0 0 1 5 5v5a5 5 0 0 1-5 5h-5l-5 4v-4a5 5 0 0 1-5-5v-5a5 5 0 0 1 5-5Z"
      />
      <path class="logo-dots" d="M8.5 17.5h.01M13 17.5h.01M17.5 17.5h.01" />
    </svg>
  );
}
