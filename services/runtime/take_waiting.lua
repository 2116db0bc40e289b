#!lua
-- Takes what was kept for somebody who comes back; what comes twice finds nothing.
-- KEYS  1 what is kept   2 all of them, by the ms at which they end
redis.call('ZREM', KEYS[2], KEYS[1])
return redis.call('GETDEL', KEYS[1])
