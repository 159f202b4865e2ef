/** All mutants. */
import { accept } from "./accept.ts";
import { commands } from "./commands.ts";
import { compose } from "./compose.ts";
import { edges } from "./edges.ts";
import { endings } from "./endings.ts";
import { hand } from "./hand.ts";
import { kafka } from "./kafka.ts";
import { leftovers } from "./leftovers.ts";
import { logs } from "./logs.ts";
import { marks } from "./marks.ts";
import { membership } from "./membership.ts";
import { moderation } from "./moderation.ts";
import type { Mutant } from "./mutant.ts";
import { passwords } from "./passwords.ts";
import { people } from "./people.ts";
import { preflight } from "./preflight.ts";
import { requests } from "./requests.ts";
import { rooms } from "./rooms.ts";
import { sockets } from "./sockets.ts";
import { staying } from "./staying.ts";
import { stores } from "./stores.ts";
import { tokens } from "./tokens.ts";
import { truth } from "./truth.ts";

export const MUTANTS: readonly Mutant[] = [
  ...tokens,
  ...passwords,
  ...requests,
  ...people,
  ...rooms,
  ...truth,
  ...sockets,
  ...accept,
  ...endings,
  ...moderation,
  ...edges,
  ...leftovers,
  ...hand,
  ...kafka,
  ...marks,
  ...logs,
  ...stores,
  ...membership,
  ...preflight,
  ...commands,
  ...compose,
  ...staying,
];
