/** The jars of Kafka: fetched once by Maven, from where that is set up to fetch, and kept for all clones of this user. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../cli/problem.ts";
import { findProgram } from "../supervise/die-with-parent.ts";
import { run } from "../supervise/run.ts";
import { installLine, KAFKA_NEEDS, type Need } from "./programs.ts";

const VERSION = "4.3.1";
/** Kafka's server for Scala 2.13, and a logger that writes to standard error. */
const JARS = [
  ["org.apache.kafka", "kafka_2.13", VERSION],
  ["org.slf4j", "slf4j-simple", "1.7.36"],
] as const;
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
const MIN_JAVA = 17;
const FOLDER = join(homedir(), ".cache/suda", `kafka-${VERSION}`);

/** The program that runs the jars. @throws Problem in one line when there is none that is new enough. */
export function javaProgram(): string {
  const java = findProgram("java");
  if (java && javaVersion(java) >= MIN_JAVA) return java;
  const which = java ? `, and ${java} is older` : "";
  throw new Problem(`Kafka needs Java ${MIN_JAVA} or later${which}: ${installLine([KAFKA_NEEDS.java])}`);
}

/** The programs that a Kafka needs here: the jars are fetched once. */
export const kafkaNeeds = (): Need[] =>
  existsSync(FOLDER) ? [KAFKA_NEEDS.java] : [KAFKA_NEEDS.java, KAFKA_NEEDS.maven];

/** @returns the line that says what to install before a Kafka can run here; undefined if nothing is missing. */
export function missingForKafka(): string | undefined {
  try {
    javaProgram();
  } catch (error) {
    return (error as Error).message;
  }
  if (existsSync(FOLDER) || findProgram("mvn")) return undefined;
  return `Maven fetches Kafka, and is not installed: ${installLine([KAFKA_NEEDS.maven])}`;
}

/**
 * The class path of the jars, which are fetched when this user has none yet.
 * @throws Problem in one line when Maven is not installed, or could not fetch them.
 */
export async function kafkaClassPath(say: (line: string) => void = () => undefined): Promise<string> {
  const missing = missingForKafka();
  if (missing) throw new Problem(missing);
  if (!existsSync(FOLDER)) {
    say("Fetching Kafka with Maven (45 MB, once)");
    await fetchJars();
  }
  return join(FOLDER, "*");
}

/** Into a folder beside, which is renamed once it is whole. Safe to race another runner. */
async function fetchJars(): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), "suda-kafka-jars-"));
  const unfinished = mkdtempSync(join(mkdirIn(join(FOLDER, "..")), "unfinished-"));
  const pom = join(project, "pom.xml");
  writeFileSync(pom, pomOf());
  const args = ["-q", "-B", "-f", pom, PLUGIN, `-DoutputDirectory=${unfinished}`, "-DincludeScope=runtime"];
  try {
    await run({ command: findProgram("mvn") ?? "mvn", args });
    if (!existsSync(FOLDER)) renameSync(unfinished, FOLDER);
  } catch (error) {
    if (existsSync(FOLDER)) return;
    const [line] = (error as Error).message.split("\n");
    throw new Problem(`Maven could not fetch Kafka: ${line}`, { cause: error });
  } finally {
    rmSync(project, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function pomOf(): string {
  const dependencies = JARS.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    "<groupId>suda</groupId><artifactId>kafka-jars</artifactId><version>1</version>",
    `<dependencies>${dependencies.join("")}</dependencies></project>`,
  ].join("");
}

function mkdirIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The major version; 0 for a program that does not say it. */
function javaVersion(java: string): number {
  try {
    // `-version` writes to standard error, `--version` (Java 9 and later) does not.
    const said = execFileSync(java, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return Number(/\b(\d+)(?:[.\d]*)/.exec(said)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
