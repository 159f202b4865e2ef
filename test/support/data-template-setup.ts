/** vitest global set-up of the end-to-end tests: the data folder that new clusters copy, handed to every test file. */
import type { TestProject } from "vitest/node";
import { makeTemplate } from "./data-template.ts";

declare module "vitest" {
  interface ProvidedContext {
    dataTemplate: string;
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const { folder, remove } = await makeTemplate();
  project.provide("dataTemplate", folder);
  return remove;
}
