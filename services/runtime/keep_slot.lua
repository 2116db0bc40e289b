#!lua
-- Holds a slot for longer if it is this token's or nobody's; answers with 1 if it is.
-- KEYS  1 slot      ARGV  token, ms
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
