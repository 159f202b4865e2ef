import type { SettingsWords } from "../settings.ts";

export const settingsEn: SettingsWords = {
  title: "Settings",
  labels: {
    textSize: "Text size",
    clock: "Clock",
    motion: "Motion",
    aloud: "A screen reader reads out",
    sound: "Sound when somebody speaks to you",
    keys: "Keys without Ctrl or Alt",
  },
  choices: {
    textSize: { normal: "Normal", large: "Large", largest: "Largest" },
    clock: { region: "As in your region", "12": "12 hours", "24": "24 hours" },
    motion: { system: "System", reduced: "Reduced" },
    aloud: { all: "All messages", mentions: "Those to you", nothing: "Nothing" },
    sound: { off: "Off", on: "On" },
    keys: { on: "On", off: "Off" },
  },
  allKeys: "All keys",
  spoken: (name, text) => `${name} to you: ${text}`,
};
