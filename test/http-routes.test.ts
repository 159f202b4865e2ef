import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BODIES } from "../shared/http-api.ts";
import { ROUTES, type Route } from "../shared/http-routes.ts";

test("every body of the contract belongs to a route, and every route is another", () => {
  const routes = Object.values<Route>(ROUTES);
  const used = new Set(routes.map(({ body }) => body));
  expect(Object.values(BODIES).filter((body) => !used.has(body))).toEqual([]);
  expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
});

test("the routes of the contract are there", () => {
  const contract = readFileSync(new URL("../docs/protocol-additions.md", import.meta.url), "utf8");
  const notified = [...contract.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[\w/:-]+)/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const served = new Set(Object.values<Route>(ROUTES).map(({ method, path }) => `${method} ${path}`));
  expect(notified.length).toBeGreaterThan(5);
  expect(notified.filter((route) => !served.has(route))).toEqual([]);
});
