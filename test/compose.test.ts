import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { renderCompose } from "../infra/nginx/render.ts";
import { SETTINGS } from "../shared/server/process/settings.ts";

type Service = {
  image: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  deploy?: { replicas: number };
  ports?: string[];
  container_name?: string;
  profiles?: string[];
  volumes?: string[];
  stop_grace_period: string;
};

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const source = read("infra/compose.yml");
const { services } = parse(source, { merge: true }) as { services: Record<string, Service> };
const dockerfile = read("infra/Dockerfile");
const service = (name: string): Service => {
  const found = services[name];
  if (!found) throw new Error(`compose.yml has no service ${name}`);
  return found;
};

it("compose runs the same parts as the local cluster", () => {
  expect(Object.keys(services).sort()).toEqual(["gateway", "kafka", "nginx", "postgres", "redis", "worker"]);
});

it("Kafka runs only when its profile is asked for, nothing waits for it, and only its worker can log in", () => {
  const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
  expect(always.map(([name]) => name).sort()).toEqual(["gateway", "nginx", "postgres", "redis", "worker"]);
  const { environment = {}, profiles } = service("kafka");
  expect(profiles).toEqual(["kafka"]);
  const clients = String(environment.KAFKA_ADVERTISED_LISTENERS).split("://")[1];
  expect(read("infra/env.example")).toContain(`# SUDA_KAFKA_BROKERS=${clients}\n`);
  expect(environment.KAFKA_LISTENER_SECURITY_PROTOCOL_MAP).toContain("CLIENTS:SASL_PLAINTEXT");
  expect(String(environment.KAFKA_LISTENERS)).toContain("CONTROLLER://localhost:");
  expect(environment.KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG).toMatch(
    /user_suda="\$\{SUDA_KAFKA_PASSWORD:-\}"/,
  );
  // Its data are kept by the volume, in the folder that its own process writes to.
  expect(service("kafka").volumes).toEqual([`kafka:${environment.KAFKA_LOG_DIRS}`]);
});

it("gateways reach the same Kafka as the worker, for commands", () => {
  const names = ["BROKERS", "TLS", "USER", "PASSWORD", "MECHANISM", "TOPICS", "COMMAND_KEYS"];
  const ofKafka = (part: string) => names.map((name) => service(part).environment?.[`SUDA_KAFKA_${name}`]);
  expect(ofKafka("gateway")).toEqual(ofKafka("worker"));
  expect(ofKafka("gateway")).not.toContain(undefined);
});

it("every part says when it is healthy and gets time to leave", () => {
  for (const [name, each] of Object.entries(services)) {
    expect(each.healthcheck?.test.length, name).toBeGreaterThan(1);
    expect(each.stop_grace_period, name).toMatch(/^\d+s$/);
  }
});

it("a part starts when what it needs is healthy: stores, worker, gateways, nginx", () => {
  const needs = (name: string) => Object.entries(service(name).depends_on ?? {});
  expect(needs("worker").map(([name]) => name)).toEqual(["postgres", "redis"]);
  expect(needs("gateway").map(([name]) => name)).toEqual(["worker"]);
  expect(needs("nginx").map(([name]) => name)).toEqual(["gateway"]);
  const conditions = Object.keys(services).flatMap((name) =>
    needs(name).map(([, { condition }]) => condition),
  );
  expect(new Set(conditions)).toEqual(new Set(["service_healthy"]));
});

it("gateways can be scaled: no fixed name, no published port, a name of their own", () => {
  const gateway = service("gateway");
  expect(gateway.container_name).toBeUndefined();
  expect(gateway.ports).toBeUndefined();
  expect(gateway.command?.join(" ")).toContain("SUDA_NAME=gateway-$$HOSTNAME");
  expect(gateway.deploy?.replicas).toBe(3);
});

it("a gateway has drained before Docker's patience ends", () => {
  const gateway = service("gateway");
  const graceMs = Number.parseInt(gateway.stop_grace_period, 10) * 1_000;
  // shared/server/process/lifecycle.ts allows this much beyond the drain
  expect(graceMs).toBeGreaterThan(Number(gateway.environment?.SUDA_DRAIN_MS) + 10_000);
});

it("only nginx is published, and only on loopback unless told", () => {
  const published = Object.entries(services).filter(([, { ports }]) => ports);
  expect(published.map(([name]) => name)).toEqual(["nginx"]);
  expect(service("nginx").ports).toEqual([expect.stringContaining(":-127.0.0.1:8080}:")]);
});

it("secrets have no default: without infra/.env nothing starts", () => {
  const passwords = ["", "GATEWAY_", "WORKER_"].flatMap((whose) =>
    ["POSTGRES", "REDIS"].map((store) => `${store}_${whose}PASSWORD`),
  );
  for (const secret of [...passwords, "SUDA_JWT_KEYS"]) {
    const uses = source.match(new RegExp(`\\$\\{${secret}[^}]*\\}`, "g")) ?? [];
    expect(uses.length, secret).toBeGreaterThan(0);
    for (const use of uses) expect(use).toContain(":?");
    expect(read("infra/env.example")).toMatch(new RegExp(`^${secret}=$`, "m"));
  }
  for (const [name, { environment = {} }] of Object.entries(services)) {
    const secrets = Object.entries(environment).filter(([key]) =>
      /(PASSWORD|AUTH|KEYS|REDIS_URL|DATABASE_URL)$/.test(key),
    );
    // Those of Kafka may be absent, as Kafka may.
    for (const [key, value] of secrets)
      expect(value, `${name} ${key}`).toMatch(key.startsWith("SUDA_KAFKA_") ? /\$\{\w+:-\}/ : /\$\{\w+:\?/);
  }
  expect(read("infra/.gitignore")).toContain(".env");
});

it("every setting that compose gives exists", () => {
  const known = new Set<string>(Object.values(SETTINGS).map(({ env }) => env));
  for (const name of ["gateway", "worker"]) {
    for (const variable of Object.keys(service(name).environment ?? {}))
      expect(known, variable).toContain(variable);
  }
});

it("Redis keeps everything: an append-only file, no snapshots, nothing evicted", () => {
  const command = service("redis").command?.join(" ") ?? "";
  for (const option of ["--appendonly yes", "--maxmemory-policy noeviction", '--save ""'])
    expect(command).toContain(option);
});

it("gateways and worker log in as themselves, never as the operator", () => {
  for (const [name, role] of [
    ["gateway", "suda_gateway"],
    ["worker", "suda_worker"],
  ] as const) {
    const { DATABASE_URL, REDIS_URL } = service(name).environment ?? {};
    expect(DATABASE_URL).toMatch(
      new RegExp(`^postgres://${role}:\\$\\{POSTGRES_${name.toUpperCase()}_PASSWORD:`),
    );
    expect(REDIS_URL).toMatch(new RegExp(`^redis://${name}:\\$\\{REDIS_${name.toUpperCase()}_PASSWORD:`));
  }
  expect(service("worker").environment?.SUDA_GATEWAY_ROLE).toBe("suda_gateway");
  expect(service("worker").environment).not.toHaveProperty("SUDA_JWT_KEYS");
});

it("nginx balances over the service and port where gateways listen", () => {
  const port = service("gateway").environment?.SUDA_PORT;
  expect(renderCompose()).toContain(`server gateway:${port} resolve max_fails=0;`);
});

it("images are Debian's, since the sockets' native module needs glibc", () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image);
  const images = [...bases, service("postgres").image, service("redis").image];
  expect(images.length).toBeGreaterThan(3);
  for (const image of images) expect(image).toMatch(/bookworm/);
});

it("every path that is built or copied exists", () => {
  for (const name of ["gateway", "worker", "nginx"]) {
    const build = service(name).build;
    expect(dockerfile).toContain(` AS ${build?.target}\n`);
    expect(join("infra", build?.context ?? "", build?.dockerfile ?? "")).toBe("infra/Dockerfile");
  }
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, paths]) => paths?.split(" ") ?? [],
  );
  expect(copies).toContain("gateway");
  for (const path of copies) expect(existsSync(join(root, path)), path).toBe(true);
});
