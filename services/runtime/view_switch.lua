#!lua
-- Makes the next generation of a view the live one, if it is the next and not behind on any partition.
--
-- KEYS  1 live generation   2 positions of the live one   3 positions of the next one
-- ARGV  live generation as the caller knows it
--
-- Answers 1; 0 where another one is live already; -1 where the next one is behind.

local live = redis.call('GET', KEYS[1]) or '1'
if live ~= ARGV[1] then return 0 end
local old = redis.call('HGETALL', KEYS[2])
for i = 1, #old, 2 do
  if tonumber(redis.call('HGET', KEYS[3], old[i]) or '0') < tonumber(old[i + 1]) then return -1 end
end
redis.call('SET', KEYS[1], string.format('%.0f', tonumber(live) + 1))
return 1
