/** How nginx finds Suda's own cookies among those of other applications on the same domain. */

/** A host may have as many clusters, former ones too: their cookies stay for a month. */
const MAX_OWN_COOKIES = 20;

/** The pattern that finds `max` of Suda's own cookies among others, and what it found. */
function cookiesOf(max: number): { ownCookies: string; ownCookieParts: string } {
  const own = "(?:__(?:Host|Secure)-)?suda_refresh(?:_[A-Za-z0-9]{1,32})?=[^;]{0,64}";
  const parts = Array.from({ length: max }, (_, index) => `own_${index + 1}`);
  const [first, ...others] = parts;
  const further = others.reduceRight((rest, name) => `(?:.*?(?<${name}>; *${own})(?=;|$)${rest})?`, "");
  return {
    ownCookies: `~^(?:.*?; *)??(?<${first}>${own})(?=;|$)${further}`,
    ownCookieParts: parts.map((name) => `$${name}`).join(""),
  };
}

/** Values of the template. */
export const OWN_COOKIES = cookiesOf(MAX_OWN_COOKIES);
