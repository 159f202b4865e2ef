/** vitest set-up of each integration test file: after its tests nothing may be open that they opened. */
import { afterAll, expect } from "vitest";
import { stillOpen } from "./open-resources.ts";

// Registered first, so it runs after the file's own hooks.
afterAll(() => expect(stillOpen(), "opened and never closed").toEqual([]));
