/** Default HTTP rate limits, in attempts per minute; `SUDA_HTTP_LIMITS` overrides them. */

export const HTTP_RATES = {
  /** Wrong passwords: for one account from one IP address, for one account, and from one IP address. */
  login_account_ip: 10,
  login_account: 60,
  login_ip: 60,
  /** Wrong passwords of a logged-in user, who must enter it to change it or to close the account. */
  password_user: 10,
  password_ip: 60,
  signup_ip: 60,
  rename_user: 10,
  room_user: 20,
  /** Rooms added to the user's own list, or removed from it. */
  visit_user: 60,
  /** People added to private rooms, roles given there, and links made. */
  invite_user: 30,
  /** Direct lines opened. */
  line_user: 20,
  /** Links to private rooms looked at or used. */
  invitation_ip: 60,
  /** Users looked up by their nickname. */
  find_user: 60,
  report_user: 20,
  /** Questions and changes about notifications in a user's browsers. */
  push_user: 60,
  /** Error reports of pages. */
  client_error_ip: 30,
} as const;

export type HttpRateName = keyof typeof HTTP_RATES;
export const isHttpRateName = (name: string): name is HttpRateName => Object.hasOwn(HTTP_RATES, name);
