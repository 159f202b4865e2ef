/** The clients of a storm, in a separate process, because their cost must not count as a delay of the chat. */
import { createDecoder } from "./decode.ts";
import { createHistogram } from "./histogram.ts";
import { openReturner, type Returner } from "./returner.ts";

export type CrowdOrder =
  | { do: "join"; address: { host: string; port: number }; room: string; tokens: string[] }
  | { do: "storm" };
/** The result of the reconnects, times in ms; zeros for orders other than a storm. */
export type CrowdAnswer = { recovered: number; tries: number; p50: number; p99: number; max: number };

const ABREAST = 64;
const decode = createDecoder();
let returners: Returner[] = [];

async function join({ address, room, tokens }: Extract<CrowdOrder, { do: "join" }>): Promise<CrowdAnswer> {
  for (let from = 0; from < tokens.length; from += ABREAST) {
    const some = tokens.slice(from, from + ABREAST);
    const opened = await Promise.all(some.map((token) => openReturner({ address, token, room, decode })));
    returners = returners.concat(opened);
  }
  return { recovered: 0, tries: 0, p50: 0, p99: 0, max: 0 };
}

/** Cuts all connections at one moment; resolves when all have reconnected. */
async function storm(): Promise<CrowdAnswer> {
  const back = createHistogram();
  const cutAt = performance.now();
  for (const each of returners) each.cut();
  const answers = await Promise.all(
    returners.map(async (each) => {
      const answer = await each.comeBack();
      back.add(performance.now() - cutAt);
      return answer;
    }),
  );
  return {
    recovered: answers.filter(({ recovered }) => recovered).length,
    tries: answers.reduce((sum, { tries }) => sum + tries, 0),
    p50: back.quantile(0.5),
    p99: back.quantile(0.99),
    max: back.quantile(1),
  };
}

process.on("message", (order: CrowdOrder) => {
  const work = order.do === "join" ? join(order) : storm();
  void work.then((answer) => process.send?.(answer));
});
