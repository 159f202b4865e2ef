#!/bin/sh
# For the redis image: writes the passwords as hashes into a file that only Redis reads, so no command line has them.
set -eu
hashed() { printf '#%s' "$(printf '%s' "$1" | sha256sum | cut -d ' ' -f 1)"; }
umask 077
sed -e "s/{{operator}}/$(hashed "$REDISCLI_AUTH")/" -e "s/{{gateway}}/$(hashed "$REDIS_GATEWAY_PASSWORD")/" \
  -e "s/{{worker}}/$(hashed "$REDIS_WORKER_PASSWORD")/" -e "s/{{prefix}}/suda/g" /etc/suda/users.acl.template > /tmp/users.acl
# the image's entry point drops root
chown redis /tmp/users.acl
exec docker-entrypoint.sh redis-server --aclfile /tmp/users.acl "$@"
