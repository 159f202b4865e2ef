#!/bin/sh
# Starts nginx of compose with what the environment says of its front: SUDA_TRUST_PROXY, SUDA_PROXY_PROTOCOL,
# SUDA_PUBLIC_URL and SUDA_OFFLINE, as infra/nginx/front.ts does it for the local cluster. `start.sh CONF OUT` only writes OUT.
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
    prefix=
    if [ -n "$public" ]; then
      host=${public#*://}
      case $host in */*) prefix=/${host#*/} ;; esac
      host=${host%%/*}
      scheme=${public%%://*}
    fi
    printf '  map "" $public_host { default "%s"; }\n  map "" $public_scheme { default "%s"; }\n' "$host" "$scheme"
    if [ -z "$prefix" ]; then
      printf '  map "" $base { default "/"; }\n  map "" $below_base { default ""; }\n  gzip_static on;\n'
    else
      printf '  map "" $base { default "%s/"; }\n' "$prefix"
      printf '  map $uri $below_base { volatile; "~^%s(?<below>/.*)$" $below; "%s" $base; default ""; }\n' \
        "$(printf %s "$prefix" | sed 's/\./\\./g')" "$prefix"
      printf '  gzip_static off;\n  sub_filter %s %s;\n' "'=\"/'" "'=\"$prefix/'"
      printf '  sub_filter_once off;\n  sub_filter_last_modified on;\n'
    fi
    sed '1,/# front begin/d' "$conf" | sed -n '/# front end/,$p' | sed "s/ sndbuf=128k;/ sndbuf=128k$listen;/"
  } > "$out"
fi
if [ "${SUDA_OFFLINE:-on}" = off ]; then sed -i 's# /sw\.js =404# /sw-off.js =404#' "$out"; fi
if [ $# -lt 2 ]; then exec nginx -e stderr -c "$out"; fi
