/** Faults in the requests that nginx lets in, and in the rights of a page. */
import type { Mutant } from "./mutant.ts";

const EDGES = "test/edges.e2e.test.ts";
const NGINX_TEST = "test/nginx.int.test.ts";

const EDGE = "test/edge.int.test.ts";

const SLOW = "headers that never end, and bodies that never come, are cut off within 6 to 30 s";
const LONG = "headers and paths beyond what it keeps are refused";
const INVENTED = "a client that invents addresses is still one address to the limits";
const ADDRESS = "a gateway hears the client's address from nginx alone";
const OFTEN = "too many requests are refused, by name and with the time to wait; the rest are served";
const POLICY = "pages may run no inline code, connect only home and be framed by nobody";
const INJECTION = [
  "test/script-injection.e2e.test.ts",
  "user text is shown as written and never run",
] as const;

export const edges: readonly Mutant[] = [
  {
    what: "nginx waits for headers as long as they drip",
    place: "nginx.conf.template",
    find: "client_header_timeout {{headers}};",
    replace: "client_header_timeout 65s;",
    seenBy: [[EDGES, SLOW]],
  },
  {
    what: "nginx waits long for a body",
    place: "nginx.conf.template",
    find: "client_body_timeout 10s;",
    replace: "client_body_timeout 65s;",
    seenBy: [[EDGES, SLOW]],
  },
  {
    what: "a gateway waits for a body as long as it drips",
    place: "gateway/http/request.ts",
    find: 'resolve("too_slow"), BODY_MS)',
    replace: 'resolve("too_slow"), 10 * BODY_MS)',
    seenBy: [
      [EDGE, "a whole request has 15 s: a body that drips in is refused by name, and the line is let go"],
    ],
  },
  {
    what: "nginx keeps headers of any length",
    place: "nginx.conf.template",
    find: "large_client_header_buffers 4 32k;",
    replace: "large_client_header_buffers 4 64k;",
    seenBy: [[EDGES, LONG]],
  },
  {
    what: "nginx believes a client's word on its address",
    place: "nginx.conf.template",
    find: "proxy_set_header X-Real-IP $client_address;",
    replace: "proxy_set_header X-Real-IP $http_x_real_ip;",
    seenBy: [
      [EDGES, INVENTED],
      [NGINX_TEST, ADDRESS],
    ],
  },
  {
    what: "nginx passes on every header",
    place: "nginx.conf.template",
    find: "proxy_pass_request_headers off;",
    replace: "",
    seenBy: [
      [NGINX_TEST, ADDRESS],
      [EDGE, "a gateway gets the headers that it reads, and no others"],
    ],
  },
  {
    what: "nginx passes on the cookies of other applications",
    place: "nginx.conf.template",
    find: "proxy_set_header Cookie $own_cookies;",
    replace: "proxy_set_header Cookie $http_cookie;",
    seenBy: [
      [EDGE, "of all cookies only Suda's own reach a gateway, in their order and wherever they stand"],
    ],
  },
  {
    what: "nginx passes on a scheme that a client makes up",
    place: "nginx.conf.template",
    find: "proxy_set_header X-Forwarded-Proto $own_scheme;",
    replace: "proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;",
    seenBy: [[NGINX_TEST, "the scheme is a trusted proxy's to tell, and nobody else's"]],
  },
  {
    what: "nginx lets everyone ask for passwords as often as they like",
    place: "nginx.conf.template",
    find: "limit_req zone=passwords burst=100 nodelay;",
    replace: "",
    seenBy: [[NGINX_TEST, OFTEN]],
  },
  {
    what: "who asks too often for one thing gets nothing else either",
    place: "nginx.conf.template",
    find: "limit_req zone=calls burst=1000 nodelay;",
    replace: "limit_req zone=passwords burst=100 nodelay;",
    seenBy: [[NGINX_TEST, OFTEN]],
  },
  {
    what: "nginx's refusal has no name",
    place: "nginx.conf.template",
    find: "error_page 429 =429 /_problems/too_many_attempts;",
    replace: "",
    seenBy: [[NGINX_TEST, OFTEN]],
  },
  {
    what: "nginx's refusal does not say when to come back",
    place: "nginx.conf.template",
    find: "~^(429|503):$ 1;",
    replace: "~^503:$ 1;",
    seenBy: [[NGINX_TEST, OFTEN]],
  },
  {
    what: "pages may run inline code",
    place: "nginx.conf.template",
    find: "script-src 'self';",
    replace: "script-src 'self' 'unsafe-inline';",
    seenBy: [[NGINX_TEST, POLICY]],
  },
  {
    what: "pages may load code from anywhere",
    place: "nginx.conf.template",
    find: "script-src 'self';",
    replace: "script-src *;",
    seenBy: [[NGINX_TEST, POLICY]],
  },
  {
    what: "pages may connect to anywhere",
    place: "nginx.conf.template",
    find: "connect-src 'self' ws://$own_host wss://$own_host;",
    replace: "connect-src *;",
    seenBy: [[NGINX_TEST, POLICY]],
  },
  {
    what: "everyone may frame the page",
    place: "nginx.conf.template",
    find: "frame-ancestors 'none'",
    replace: "frame-ancestors *",
    seenBy: [[NGINX_TEST, POLICY]],
  },
  {
    what: "a message is shown as markup",
    place: "Bubble",
    find: 'dir="auto" {...press}>\n        {body}\n      </p>',
    replace: 'dir="auto" {...press} dangerouslySetInnerHTML={{ __html: text }} />',
    seenBy: [INJECTION],
  },
  {
    what: "a nickname is shown as markup",
    place: "NameButton",
    find: "<bdi translate={false}>{shown}</bdi>",
    replace: "<bdi dangerouslySetInnerHTML={{ __html: shown }} />",
    seenBy: [INJECTION],
  },
  {
    what: "a room's title is shown as markup",
    place: "RoomItem",
    find: '<bdi class="room-title" translate={false}>\n          {shown}\n        </bdi>',
    replace: '<bdi class="room-title" dangerouslySetInnerHTML={{ __html: title }} />',
    seenBy: [INJECTION],
  },
];
