/** One setting: its environment variable, parser, default and help text. */
export type Setting<T> = { env: string; read: (raw: string) => T; fallback: T; help: string };

export const setting = <T>(env: string, read: (raw: string) => T, fallback: T, help: string): Setting<T> => ({
  env,
  read,
  fallback,
  help,
});
