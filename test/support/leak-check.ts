/** vitest set-up of each integration test file: fails the file if its tests left a server or database open. */
import { afterAll, expect } from "vitest";
import { stillOpen } from "./open-resources.ts";

// Registered first, so it runs after the file's own hooks.
afterAll(() => expect(stillOpen(), "opened and never closed").toEqual([]));
