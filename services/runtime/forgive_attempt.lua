#!lua
-- An attempt was right: the login's count ends, and the address keeps what others did there.
-- KEYS  login's count, address's count
redis.call('DEL', KEYS[1])
if tonumber(redis.call('GET', KEYS[2]) or '0') > 0 then redis.call('DECR', KEYS[2]) end
return 1
