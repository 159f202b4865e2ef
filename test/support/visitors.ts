/** A cluster and its visitors in browsers, for end-to-end tests. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { ClusterOptions } from "../../load-tests/support/local-cluster.ts";
import { sharedBrowser, type Visitor, visit, visitElsewhere } from "./browser.ts";
import { startCluster, type TestCluster } from "./cluster.ts";

type PageOptions = Parameters<typeof visit>[2];

/** Starts cluster and browser before the tests of a file. The visitors of a test are closed after it. */
export function receiveVisitors(options: ClusterOptions) {
  const visitors: Visitor[] = [];
  let cluster: TestCluster;
  let browser: Browser;

  beforeAll(async () => {
    [cluster, browser] = await Promise.all([startCluster(options), sharedBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  });
  afterAll(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
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
    /** Opens a page that another gateway serves. */
    comeElsewhere: async (than: Visitor, page: PageOptions = {}): Promise<Visitor> =>
      welcome(await visitElsewhere(browser, cluster.url, await than.gateway(), page)),
  };
}
