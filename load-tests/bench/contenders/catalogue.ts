/** All contenders, in the order of the document. */
import type { Contender } from "../contender.ts";
import { bare } from "./bare.ts";
import { centrifugo } from "./centrifugo.ts";
import { original } from "./original.ts";
import { socketIo, socketIoStreams } from "./socket-io.ts";
import { suda, sudaNginx } from "./suda.ts";

export const contenders: readonly Contender[] = [
  ...[suda, sudaNginx, bare],
  ...[centrifugo, socketIo, socketIoStreams, original],
];
