-- How many connections, each too short to be told apart, an entry stands for.
alter table connections add column times integer not null default 1;
