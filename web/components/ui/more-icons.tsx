/** The icons that come with the script of on-demand parts. */
import { Drawing } from "./icons.tsx";

const PATHS = {
  flag: "M5 21V4m0 1h12l-2.5 4L17 13H5",
  settings:
    "M4 8h8m6 0h2M4 16h2m6 0h8M15 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
  system: "M3 5h18v11H3zM9 20h6m-3-4v4",
  room: "M4 5h16v11h-9l-5 4v-4H4V5Z",
  pause: "M8 5v14M16 5v14",
  reply: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  pin: "M9 4h6l-1 6 3 3H7l3-3-1-6Zm3 9v7",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9.5v.01m6-.01v.01M8 14c1 1.5 2.3 2.2 4 2.2s3-.7 4-2.2",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.5L20.5 20.5",
  share: "M12 15V4m0 0L8 8m4-4 4 4M6 12v7h12v-7",
  silent: "M6 16h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v3.5L6 16Zm4 3a2 2 0 0 0 4 0M4 4l16 16",
  eye: "M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7-10-7-10-7Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
} as const;

export type IconName = keyof typeof PATHS;

export const MoreIcon = ({ name }: { name: IconName }) => <Drawing path={PATHS[name]} />;
