/** How often somebody may try something over HTTP: tries in a minute, before `SUDA_HTTP_LIMITS` changes one. */

export const HTTP_RATES = {
  /** Wrong passwords at one account from one address, at one account, and from one address. */
  login_account_ip: 10,
  login_account: 60,
  login_ip: 60,
  /** The password of somebody who is logged in: asked for before it is changed or the account closed. */
  password_user: 10,
  password_ip: 60,
  signup_ip: 60,
  rename_user: 10,
  room_user: 20,
  /** Rooms put on one's own list, or taken off it. */
  visit_user: 60,
  report_user: 20,
  /** Faults of their own that pages tell. */
  client_error_ip: 30,
} as const;

export type HttpRateName = keyof typeof HTTP_RATES;
export const isHttpRateName = (name: string): name is HttpRateName => Object.hasOwn(HTTP_RATES, name);
