"""The routes, a file per feature; paths under `/api/` are version 1."""
