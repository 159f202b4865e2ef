import type { GreetingWords } from "../greeting.ts";

export const greetingEn: GreetingWords = {
  welcome: "Welcome to Suda",
  lobby: "This is everybody's lobby. Say hello, or make a room of your own.",
  tryWindows: "Open a second window and talk between the two: also on another gateway it shows the same.",
  gateway: (name) => `You are on ${name}.`,
  openWindow: "Open a second window",
  quiet: "Nothing here yet",
  room: "Write the first message, or send others the link.",
  shareLink: "Share the link",
  privateRoom: "Only members see this room. Invite those who belong here.",
  invite: "Invite people",
  line: "Just the two of you",
  lineHint: "Nobody else reads this. Write the first message.",
};
