/** Idempotency keys, made by the client so that a message can be resent without becoming two. */

const BYTES = 15;

/** 20 characters of `A-Za-z0-9_-` with 120 random bits. Works without TLS too, where `crypto.randomUUID` does not exist. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
