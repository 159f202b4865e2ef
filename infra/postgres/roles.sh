#!/bin/sh
# Run by the postgres image when the volume is new. By hand on an older volume:
# docker compose -f infra/compose.yml exec postgres sh /docker-entrypoint-initdb.d/roles.sh
set -eu
sed -e "s/{{gateway}}/$POSTGRES_GATEWAY_PASSWORD/" -e "s/{{worker}}/$POSTGRES_WORKER_PASSWORD/" /etc/suda/roles.sql.template |
  psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB"
