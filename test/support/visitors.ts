/** A cluster and the people who come to it in browsers, for end to end tests. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { ClusterOptions } from "../../load-tests/support/local-cluster.ts";
import { launchBrowser, type Visitor, visit, visitElsewhere } from "./browser.ts";
import { startCluster, type TestCluster } from "./cluster.ts";

type PageOptions = Parameters<typeof visit>[2];

/** Starts both before the tests of a file; each test's visitors leave after it. */
export function receiveVisitors(options: ClusterOptions) {
  const visitors: Visitor[] = [];
  let cluster: TestCluster;
  let browser: Browser;

  beforeAll(async () => {
    [cluster, browser] = await Promise.all([startCluster(options), launchBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await cluster?.stop();
  });

  const welcome = (visitor: Visitor): Visitor => {
    visitors.push(visitor);
    return visitor;
  };
  return {
    cluster: (): TestCluster => cluster,
    browser: (): Browser => browser,
    come: async (page: PageOptions = {}, path = "/"): Promise<Visitor> =>
      welcome(await visit(browser, cluster.url + path, page)),
    /** Somebody whose page is served by another gateway. */
    comeElsewhere: async (than: Visitor, page: PageOptions = {}): Promise<Visitor> =>
      welcome(await visitElsewhere(browser, cluster.url, await than.gateway(), page)),
  };
}
