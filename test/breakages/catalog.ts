/** Everything that is broken on purpose. */
import type { Breakage } from "./breakage.ts";
import { passwords } from "./passwords.ts";
import { people } from "./people.ts";
import { requests } from "./requests.ts";
import { tokens } from "./tokens.ts";

export const BREAKAGES: readonly Breakage[] = [...tokens, ...passwords, ...requests, ...people];
