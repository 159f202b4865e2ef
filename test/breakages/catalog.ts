/** Everything that is broken on purpose. */
import type { Breakage } from "./breakage.ts";
import { PASSWORD_BREAKAGES } from "./passwords.ts";
import { PEOPLE_BREAKAGES } from "./people.ts";
import { REQUEST_BREAKAGES } from "./requests.ts";
import { TOKEN_BREAKAGES } from "./tokens.ts";

export const BREAKAGES: readonly Breakage[] = [
  ...TOKEN_BREAKAGES,
  ...PASSWORD_BREAKAGES,
  ...REQUEST_BREAKAGES,
  ...PEOPLE_BREAKAGES,
];
