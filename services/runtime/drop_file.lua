#!lua
-- A run no longer needs a file; without any run left, its chunks go.
-- KEYS  1 runs that need it   2 chunks      ARGV  run
redis.call('SREM', KEYS[1], ARGV[1])
if redis.call('SCARD', KEYS[1]) == 0 then redis.call('UNLINK', KEYS[2]) end
return 1
