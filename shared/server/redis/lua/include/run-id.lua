-- Which run of Redis this is: another one after each restart, also one that came back from its file.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
