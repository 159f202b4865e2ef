#!/bin/sh
# Starts nginx of compose with what the environment says of its front: SUDA_TRUST_PROXY, SUDA_PROXY_PROTOCOL and
# SUDA_PUBLIC_URL, as infra/nginx/front.ts does it for the local cluster. `start.sh CONF OUT` only writes OUT.
set -eu
conf=${1:-/etc/nginx/suda.conf}
out=${2:-/tmp/suda.conf}
trusted=$(printf '%s' "${SUDA_TRUST_PROXY:-}" | tr ',' ' ')
public=${SUDA_PUBLIC_URL:-}
public=${public%/}
header=X-Forwarded-For
listen=
if [ "${SUDA_PROXY_PROTOCOL:-off}" = on ]; then
  header=proxy_protocol
  listen=' proxy_protocol'
fi

if [ -z "$trusted$public$listen" ]; then
  cp "$conf" "$out"
else
  {
    sed '/# front begin/q' "$conf"
    for each in $trusted; do printf '  set_real_ip_from %s;\n' "$each"; done
    if [ -n "$trusted" ]; then printf '  real_ip_header %s;\n  real_ip_recursive on;\n' "$header"; fi
    printf '  geo $realip_remote_addr $from_trusted { default "";'
    if [ -z "$listen" ]; then for each in $trusted; do printf ' %s 1;' "$each"; done; fi
    printf ' }\n'
    host=
    scheme=
    if [ -n "$public" ]; then
      host=${public#*://}
      scheme=${public%%://*}
    fi
    printf '  map "" $public_host { default "%s"; }\n  map "" $public_scheme { default "%s"; }\n' "$host" "$scheme"
    sed '1,/# front begin/d' "$conf" | sed -n '/# front end/,$p' | sed "s/ sndbuf=128k;/ sndbuf=128k$listen;/"
  } > "$out"
fi
if [ $# -lt 2 ]; then exec nginx -e stderr -c "$out"; fi
