/** Faults that write secrets to a log. */
import type { Mutant } from "./mutant.ts";

const MODERATION = [
  "test/moderation.e2e.test.ts",
  "no log holds a token, a password or what somebody said",
] as const;
const EDGES = [
  "test/edges.e2e.test.ts",
  "after a session of use no log holds a password, a token, a message or a query, and nobody asked for too much",
] as const;
const NGINX = [
  "test/nginx.int.test.ts",
  "neither log says more of a request than its path, also when a gateway was not there",
] as const;

export const logs: readonly Mutant[] = [
  {
    what: "nginx logs queries",
    place: "nginx.conf.template",
    find: "$request_method $uri $status",
    replace: "$request_method $request_uri $status",
    seenBy: [NGINX, EDGES, MODERATION],
  },
  {
    what: "nginx tells of gateways that are not there with the whole request",
    place: "renderLocal",
    find: '"error_log stderr crit;",\n',
    replace: '"error_log stderr error;",\n',
    seenBy: [NGINX],
  },
  {
    what: "PostgreSQL logs the values of what it refuses",
    place: "postgresCommand",
    find: 'log_error_verbosity: "terse"',
    replace: 'log_error_verbosity: "default"',
    seenBy: [EDGES],
  },
  {
    what: "gateways log headers",
    place: "createResponder",
    find: "const call = readCall(res, req, query);",
    replace: 'const call = readCall(res, req, query);\n      log.info(call.headers, "call");',
    seenBy: [EDGES, MODERATION],
  },
  {
    what: "gateways log passwords",
    place: "createPasswords",
    find: 'const outcome = await ask({ act: "hash", password });',
    replace: 'process.stdout.write(password);\n      const outcome = await ask({ act: "hash", password });',
    seenBy: [EDGES, MODERATION],
  },
  {
    what: "gateways log what is said",
    place: "createMessages",
    find: "const prepared = prepareText(sending.text, messageChars + spareChars(sending));",
    replace:
      "process.stdout.write(sending.text);\n    const prepared = prepareText(sending.text, messageChars + spareChars(sending));",
    seenBy: [EDGES, MODERATION],
  },
  {
    what: "the worker asks Redis for what it may not",
    place: "users.acl.template",
    find: "resetchannels -@all +hello +ping +info +time +client|setname +set",
    replace: "resetchannels -@all +hello +ping +info +time +set",
    seenBy: [EDGES],
  },
];
