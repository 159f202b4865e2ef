/** `npm run -s kafka:replay`: writes events of the archive into a topic of one's own. */
import { PRIVATE_NAME } from "../../shared/limits.ts";
import { createClusterSettingsQueries } from "../../shared/server/postgres/cluster-settings-queries.ts";
import { replay } from "../../worker/kafka/replay.ts";
import { readOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { withPostgres } from "./cluster/with-stores.ts";
import { createBar } from "./kafka/bar.ts";
import { withKafka } from "./kafka/with-kafka.ts";

const USAGE = `npm run -s kafka:replay -- --room R --from DAY --until DAY --to TOPIC --data DIR

Writes the events of a room from the archive into a topic of your own, with the values, ids and headers that they have in the topic of events:
a deleted message as what is left of it. The topic is made if it is missing. The same command again goes on behind what is there.
  --from    the first day (UTC), like 2026-11-22; by default the first of the room
  --until   the last day; by default today

Kafka is that of SUDA_KAFKA_BROKERS, or else the one of the running cluster of --data, whose archive is read.`;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    room: { type: "string" },
    from: { type: "string", default: "1970-01-01" },
    until: { type: "string", default: "9999-12-31" },
    to: { type: "string" },
  });
  const { room, from, until, to: topic } = values;
  if (room === undefined || topic === undefined) throw new Problem(`--room and --to are needed\n${USAGE}`);
  for (const day of [from, until])
    if (!DAY.test(day) || Number.isNaN(Date.parse(day)))
      throw new Problem(`${day} is no day like 2026-11-22`);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

  await withKafka(data, async ({ kafka, prefix, replicas, withPrivate }) => {
    if (topic === prefix || topic.startsWith(`${prefix}.`))
      throw new Problem(
        `${topic} is a topic of the cluster: choose a name that does not begin with ${prefix}.`,
      );
    if (PRIVATE_NAME.test(room) && !withPrivate)
      throw new Problem(`${room} is not public, and SUDA_KAFKA_PRIVATE is off`);
    await withPostgres(data, async (sql) => {
      const { id: cluster } = await createClusterSettingsQueries(sql).readClusterName();
      await kafka.ensureTopics([{ name: topic, partitions: 1, replicas, config: {} }]);
      const bar = createBar("events", process.stderr);
      const { events, isWhole } = await replay({
        ...{ sql, kafka, cluster, room, topic, days: { from, until } },
        onProgress: bar.tell,
        signal: stopping.signal,
      });
      bar.end(events);
      if (!isWhole) throw new Problem("stopped before the end: the same command goes on");
    });
  });
});
