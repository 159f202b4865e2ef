-- The run id of Redis, which changes at each restart, even if Redis loaded its file.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
