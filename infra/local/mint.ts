/** `npm run -s mint -- --count N [--data DIR]`: users for load tests, one JSON line each, without hashing a password. */
import { readCommandOptions, wholeNumber } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { mintUsers } from "./cluster/mint-users.ts";

const MAX_COUNT = 100_000;

await runCommand(async () => {
  const options = readCommandOptions(process.argv.slice(2), "npm run -s mint -- --count N --data DIR", {
    more: "count",
  });
  const count = wholeNumber("--count", options.count, 1, MAX_COUNT);
  const users = await mintUsers(options.data, count);
  process.stdout.write(users.map((user) => `${JSON.stringify(user)}\n`).join(""));
});
