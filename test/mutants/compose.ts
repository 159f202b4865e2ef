/** Faults in the published ports and the credentials of the cluster in containers. */
import type { Mutant } from "./mutant.ts";

const COMPOSE_TEST = "test/compose.test.ts";
const SCALED = "gateways can be scaled: no fixed name, no published port, a name of their own";
const PUBLISHED = "only nginx is published, and only on loopback unless told";
const SECRETS = "secrets have no default: without infra/.env nothing starts";
const THEMSELVES = "gateways and worker log in as themselves, never as the operator";

export const compose: readonly Mutant[] = [
  {
    what: "all gateways of compose have one name",
    place: "compose.yml",
    find: "SUDA_NAME=gateway-$$HOSTNAME ",
    replace: "SUDA_NAME=gateway ",
    seenBy: [[COMPOSE_TEST, SCALED]],
  },
  {
    what: "compose publishes the gateways' port",
    place: "compose.yml",
    find: "    deploy:\n      replicas: 3\n",
    replace: '    deploy:\n      replicas: 3\n    ports: ["9001:9001"]\n',
    seenBy: [
      [COMPOSE_TEST, SCALED],
      [COMPOSE_TEST, PUBLISHED],
    ],
  },
  {
    what: "compose publishes Redis",
    place: "compose.yml",
    find: "image: redis:7-bookworm\n",
    replace: 'image: redis:7-bookworm\n    ports: ["127.0.0.1:6379:6379"]\n',
    seenBy: [[COMPOSE_TEST, PUBLISHED]],
  },
  {
    what: "compose publishes nginx to everybody",
    place: "compose.yml",
    find: ":-127.0.0.1:8080}:8080",
    replace: ":-8080}:8080",
    seenBy: [[COMPOSE_TEST, PUBLISHED]],
  },
  {
    what: "compose publishes nginx's inner port as well",
    place: "compose.yml",
    find: ":-127.0.0.1:8080}:8080",
    replace: ":-127.0.0.1:8080}:8080\n      - 8081:8081",
    seenBy: [[COMPOSE_TEST, PUBLISHED]],
  },
  {
    what: "compose has a key for tokens that everybody knows",
    place: "compose.yml",
    find: "SUDA_JWT_KEYS:?",
    replace: "SUDA_JWT_KEYS:-dev:0123456789abcdef0123456789abcdef",
    seenBy: [[COMPOSE_TEST, SECRETS]],
  },
  {
    what: "compose sets a password in the clear",
    place: "compose.yml",
    find: "REDIS_GATEWAY_PASSWORD: $",
    replace: "REDIS_GATEWAY_PASSWORD: gateway # $",
    seenBy: [[COMPOSE_TEST, SECRETS]],
  },
  {
    what: "gateways of compose are the operator in PostgreSQL",
    place: "compose.yml",
    find: "postgres://suda_gateway:",
    replace: "postgres://suda:",
    seenBy: [[COMPOSE_TEST, THEMSELVES]],
  },
  {
    what: "the worker of compose is the operator in Redis",
    place: "compose.yml",
    find: "redis://worker:",
    replace: "redis://default:",
    seenBy: [[COMPOSE_TEST, THEMSELVES]],
  },
  {
    what: "the worker of compose knows the key that signs tokens",
    place: "compose.yml",
    find: "SUDA_NAME: worker\n",
    replace: "SUDA_NAME: worker\n      SUDA_JWT_KEYS: dev:0123456789abcdef0123456789abcdef\n",
    seenBy: [[COMPOSE_TEST, THEMSELVES]],
  },
];
