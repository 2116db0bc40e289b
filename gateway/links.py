"""What can be asked next with what an answer gives: the links of the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = dict[str, Any]
FIRST = "$response.body#/items/0/"
GIVEN = "$response.body#/"
SENT = "$request.body#/"
SAME = "$request.path."


class Link(NamedTuple):
    """One step from an answer to a request.

    Args:
        after, to: method and path of both.
        parameters: by name, where their values stand.
        body: likewise of fields of the body.
    """

    after: str
    to: str
    parameters: Mapping[str, str]
    body: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """Of its place: `approve`, and `get` where it only looks at the thing itself."""
        method, path = self.to.split(" ")
        last = path.rpartition("/")[2]
        return method.lower() if last.startswith("{") else last.replace("-", "_").partition(".")[0]


def _links() -> Iterator[Link]:
    queue, leads = "GET /api/pending-emails", "GET /api/leads"
    email, version = {"email_id": FIRST + "email_id"}, {"expected_version": FIRST + "draft_version"}
    yield Link(queue, "GET /api/emails/{email_id}", email)
    for answer in ("approve", "edit", "reject", "request-changes"):
        yield Link(queue, f"POST /api/emails/{{email_id}}/{answer}", email, version)
    for act in ("claim", "snooze", "comment"):
        yield Link(queue, f"POST /api/emails/{{email_id}}/{act}", email)
    mail = "POST /api/emails/{email_id}/"
    seen = {"expected_version": SENT + "expected_version"}
    yield Link(mail + "approve", mail + "revoke", {"email_id": SAME + "email_id"}, seen)
    yield Link(mail + "claim", mail + "release", {"email_id": SAME + "email_id"})
    for what in ("", "/timeline", "/why", "/dossier"):
        yield Link(leads, f"GET /api/leads/{{lead_id}}{what}", {"lead_id": FIRST + "id"})
    run = "/api/runs/{run_id}"
    started = ("POST /api/runs", "POST /api/imports/{import_id}/run")
    yield Link("GET /api/runs", f"POST {run}/resume", {"run_id": FIRST + "run_id"})
    for source, run_id in (("GET /api/runs", FIRST), *((one, GIVEN) for one in started)):
        for to in (f"GET {run}", f"POST {run}/cancel", f"POST {run}/withdraw"):
            yield Link(source, to, {"run_id": run_id + "run_id"})
    file = "/api/imports/{import_id}"
    for to in (f"GET {file}", f"POST {file}/mapping", f"GET {file}/refused.csv", f"POST {file}/run", f"DELETE {file}"):
        yield Link("POST /api/imports", to, {"import_id": GIVEN + "import_id"})
    dead = "/api/dead-letters"
    for act in ("retry", "drop"):
        yield Link(f"GET {dead}", f"POST {dead}/{{dead_id}}/{act}", {"dead_id": FIRST + "dead_id"})
    for source, key in (("GET /api/exclusions", FIRST + "key"), ("POST /api/exclusions", GIVEN + "about")):
        yield Link(source, "DELETE /api/exclusions/{key}", {"key": key})
    for act in ("roles", "link", "close"):
        yield Link("POST /api/users", f"POST /api/users/{{login}}/{act}", {"login": SENT + "login"})
    for source, token_id in (("GET /api/tokens", FIRST), ("POST /api/tokens", GIVEN)):
        yield Link(source, "POST /api/tokens/{token_id}/revoke", {"token_id": token_id + "token_id"})


LINKS = tuple(_links())


def link(paths: Mapping[str, Json]) -> None:
    """Write the links into the paths of a document.

    Raises:
        KeyError: one leads from or to what is not there.
    """
    for one in LINKS:
        (source, path), (method, to) = one.after.split(" "), one.to.split(" ")
        responses: Json = paths[path][source.lower()]["responses"]
        well = next(answer for status, answer in responses.items() if status.startswith("2"))
        told: Json = {"operationId": paths[to][method.lower()]["operationId"], "parameters": dict(one.parameters)}
        if one.body:
            told["requestBody"] = dict(one.body)
        well.setdefault("links", {})[one.name] = told
