/** The cache for programs that load tests build or install. */
import { join } from "node:path";
import { ROOT } from "./commands.ts";

/** Not in the default data folder: `npm start` refuses a folder that holds other files before its own. */
export const TOOLS = join(ROOT, "node_modules", ".cache", "suda-tools");
