#!lua
-- Counts an attempt under each of its names before it is looked at, so that many at once are not more than one after
-- another; answers with 0, or with how many ms no attempt under one of the names is looked at.
-- KEYS  a count each      ARGV  most, ms for which a count, and being full, lasts
local most, wait = tonumber(ARGV[1]), 0
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= most then wait = math.max(wait, redis.call('PTTL', key), 1) end
end
if wait > 0 then return wait end
for _, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 or count == most then redis.call('PEXPIRE', key, ARGV[2]) end
end
return 0
