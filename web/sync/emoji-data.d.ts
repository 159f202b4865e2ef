/** Made by the build (web/emoji-data.ts). */
declare module "emoji-data" {
  const rows: readonly import("./emoji.ts").EmojiRow[];
  export default rows;
}
