/** The route by which pages report their own errors. */
import { BODIES } from "../../../shared/http-api.ts";
import { bodyReader } from "../body.ts";
import type { ClientErrors } from "../client-error-log.ts";
import type { Answer, Call } from "../request.ts";
import { noContent } from "../response.ts";

export type ClientErrorRoutesDeps = { clientErrors: ClientErrors };

export function clientErrorRoutes({ clientErrors }: ClientErrorRoutesDeps) {
  const read = bodyReader(BODIES.clientError);
  return {
    /** Open to guests, and to pages that cannot authenticate. */
    async tell(call: Call): Promise<Answer> {
      await clientErrors.tell(await read(call), call.device);
      return noContent();
    },
  };
}
