#!lua
-- Gives a slot back if it is still held by this token.
-- KEYS  1 slot      ARGV  token
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
