#!/bin/sh
# For the redis image: the passwords become hashes in a file that only Redis reads, and are in nobody's command line.
set -eu
hashed() { printf '#%s' "$(printf '%s' "$1" | sha256sum | cut -d ' ' -f 1)"; }
umask 077
sed -e "s/{{operator}}/$(hashed "$REDISCLI_AUTH")/" -e "s/{{gateway}}/$(hashed "$REDIS_GATEWAY_PASSWORD")/" \
  -e "s/{{worker}}/$(hashed "$REDIS_WORKER_PASSWORD")/" -e "s/{{prefix}}/suda/g" /etc/suda/users.acl.template > /tmp/users.acl
# the image's entry point gives up root
chown redis /tmp/users.acl
exec docker-entrypoint.sh redis-server --aclfile /tmp/users.acl "$@"
