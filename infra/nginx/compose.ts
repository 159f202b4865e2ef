/** Prints the nginx.conf that the compose image carries: `node infra/nginx/compose.ts > nginx.conf`. */
import { renderCompose } from "./render.ts";

process.stdout.write(renderCompose());
