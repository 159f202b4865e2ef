/** Faults of a whole machine, of two on one pair of stores. */
import { setTimeout as wait } from "node:timers/promises";
import { type Fault, lasting } from "./fault.ts";

const AWAY_MS = 6_000;

export const MACHINE_FAULTS: Fault[] = [
  {
    name: "machine-kill",
    about: "SIGKILL of everything on one of two machines, with half of the clients; it comes back",
    target: "gateways",
    needs: "machine",
    within: { recoveredP99: 5_000 },
    inject: async (context) => {
      const { machine, crowd, note } = context;
      if (!machine) throw new Error("there is one machine only");
      const before = crowd.lost();
      await machine.die();
      await wait(lasting(context, AWAY_MS));
      note(`the machine took ${crowd.lost() - before} of ${crowd.clients.length} connections with it`);
      await machine.comeBack();
    },
  },
];
