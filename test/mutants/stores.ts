/** Faults in the rights in PostgreSQL and Redis, and in the protection of secrets. */
import type { Mutant } from "./mutant.ts";

const EDGES = "test/edges.e2e.test.ts";
const CLUSTER = "test/cluster.e2e.test.ts";

const POSTGRES = "may not: %s";
const REDIS = "the %s may not %j";
const FILES = "keeps its secrets from other users";

export const stores: readonly Mutant[] = [
  {
    what: "gateways may do with every table what they like",
    place: "createGrantQueries",
    find: "grant select on messages, mentions, reactions, connections to",
    replace: "grant all on all tables in schema public to",
    seenBy: [[EDGES, POSTGRES]],
  },
  {
    what: "gateways may make tables of a session's own",
    place: "roles.sql.template",
    find: "revoke temporary on database suda from public;",
    replace: "",
    seenBy: [[EDGES, POSTGRES]],
  },
  {
    what: "gateways may become the worker",
    place: "roles.sql.template",
    find: "alter database suda owner to suda_worker;",
    replace: "alter database suda owner to suda_worker;\ngrant suda_worker to suda_gateway;",
    seenBy: [[EDGES, POSTGRES]],
  },
  {
    what: "gateways are superusers of PostgreSQL",
    place: "roles.sql.template",
    find: "alter role suda_gateway login nosuperuser",
    replace: "alter role suda_gateway login superuser",
    seenBy: [[EDGES, POSTGRES]],
  },
  {
    what: "gateways may do in Redis what they like with their keys",
    place: "users.acl.template",
    find: "-@all +hello +ping +info +time +client|setname +multi",
    replace: "+@all -shutdown",
    seenBy: [[EDGES, REDIS]],
  },
  {
    what: "gateways may shut Redis down",
    place: "users.acl.template",
    find: "+client|setname +multi",
    replace: "+client|setname +shutdown +multi",
    seenBy: [[EDGES, REDIS]],
  },
  {
    what: "gateways reach the keys and channels of others in Redis",
    place: "users.acl.template",
    find: "~{{prefix}}:* resetchannels &{{prefix}}:*",
    replace: "~* resetchannels &*",
    seenBy: [[EDGES, REDIS]],
  },
  {
    what: "the worker may do in Redis what it likes",
    place: "users.acl.template",
    find: "~{{prefix}}:* resetchannels -@all",
    replace: "~* allchannels +@all",
    seenBy: [[EDGES, REDIS]],
  },
  {
    what: "the operator of Redis needs no password",
    place: "users.acl.template",
    find: "user default on {{operator}}",
    replace: "user default on nopass",
    seenBy: [[EDGES, "nobody may do anything without a password"]],
  },
  {
    what: "everybody may read the records of the data folder",
    place: "writeJson",
    find: "{ mode: 0o600 }",
    replace: "{ mode: 0o644 }",
    seenBy: [[CLUSTER, FILES]],
  },
  {
    what: "everybody may read Redis' settings",
    place: "startRedisServer",
    find: "chmodSync(file, 0o600);",
    replace: "chmodSync(file, 0o640);",
    seenBy: [[CLUSTER, FILES]],
  },
];
