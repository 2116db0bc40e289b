"""What each setting means, for whoever sets it; by its name in `swarm.toml`."""

from collections.abc import Mapping

MEANING: Mapping[str, str] = {
    "home": "Where the embedded server keeps its data, with the identity key beside it. Back this folder up.",
    "redis_url": "The Redis or Valkey to work on, such as `redis://127.0.0.1:6379/0`; empty for the embedded one.",
    "namespace": "Which of several swarms on one server is meant; nothing crosses from one to another.",
    "partitions": "Over how many partitions leads and e-mails spread; fixed when a namespace is made.",
    "durability": "What to rely on where a server hides its settings: `relaxed`, or `provider:` and what it promises.",
    "identity_key": "64 hex digits from which ids of leads are made; only where `home` is not shared. Never change it.",
    "offer": "The file with your offer: company, proofs, sender, postal address.",
    "model": "The file with your ideal customer, where none was activated.",
    "templates": "The folder with templates of your own, in place of or beside the shipped ones.",
    "campaigns": "The folder with campaigns of your own, a file each.",
    "company_directory": "A CSV of companies that research asks; none where nothing is said.",
    "review.undo_window_s": "For so many seconds an approval can be taken back.",
    "review.expires_h": "After so many hours a draft that nobody answered expires.",
    "run.max_error_share": "A stage is given up when more than this share of its leads fail.",
    "run.stall_s": "A stage is given up when nothing moved for so many seconds.",
    "imports.bytes_max": "How large a file may be that comes over HTTP.",
    "imports.waiting_bytes_max": "How much may wait for a run in all.",
    "imports.kept_h": "For so many hours a file waits for its run.",
    "oidc.issuer": "The identity provider where people may sign in, such as `https://login.example.com`; none where empty.",
    "oidc.client_id": "How the provider knows this swarm.",
    "oidc.client_secret": "What proves it to the provider; from the environment, or in `client_secret_file`.",
    "oidc.client_secret_file": "A file with the secret, in place of it.",
    "oidc.name": "What the button says behind `Sign in with`.",
    "oidc.claim": "Which claim of the provider is the login.",
    "oidc.domain": "With a domain the login is what stands before the `@` of such an address; others are not let in.",
    "lease_ms": "After so many milliseconds what a dead process had in hand goes to another.",
    "settle_s": "For so many seconds a command waits until everything that it caused has had its effect.",
    "port": "The port of the page and of HTTP.",
    "listen": "The address on which ports are open; `0.0.0.0` for every one of this machine, behind https.",
    "origin": "What people type to find the page, such as `https://swarm.example.com`; empty for this machine alone.",
    "health_port": "The port where one service says that it is well; 0 for none.",
}
OTHERS: Mapping[str, str] = {
    "debug": "`1` prints tracebacks.",
    "log_level": "From which level on log lines are written; `warning` where nothing is said.",
    "url": "A gateway to work with over HTTP, such as `https://swarm.example.com`; then nothing is opened on this machine.",
    "token": "What to show to that gateway; `swarm token create LOGIN` makes one.",
    "token_file": "A file with it, in place of it.",
}
"""What is read of the environment alone."""
