/** vitest set-up of each end-to-end test file: its clusters copy the data folder of the run. */
import { inject } from "vitest";
import { useTemplate } from "./data-template.ts";
import type {} from "./data-template-setup.ts";

useTemplate(inject("dataTemplate"));
