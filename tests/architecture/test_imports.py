"""The table of rooms holds for every file, and each of its rules bites."""

from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.rules import Violation, violations

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path.relative_to(ROOT)
    for room in ("contracts", "services", "gateway", "tests")
    for path in (ROOT / room).rglob("*.py")
    if "__pycache__" not in path.parts
)

# Where a file would lie, one offending line in it, and the rule that must speak.
OFFENDERS = [
    ("contracts/lead.py", "from services.guard import text", "room"),
    ("contracts/lead.py", "import pydantic", "library"),
    ("contracts/lead.py", "import asyncio", "input-output"),
    ("services/hunter/decide.py", "import asyncio", "impure"),
    ("services/hunter/decide.py", "import random", "impure"),
    ("services/hunter/decide.py", "from time import monotonic", "impure"),
    ("services/hunter/decide.py", "import os.path", "impure"),
    ("services/hunter/decide.py", "def later():\n    import secrets", "impure"),
    ("services/hunter/decide.py", "from datetime import datetime\nat = datetime.now()", "clock"),
    ("services/hunter/decide.py", "import datetime\nat = datetime.datetime.utcnow", "clock"),
    ("services/hunter/decide.py", "import datetime\nday = datetime.date.today()", "clock"),
    ("services/hunter/decide.py", "from uuid import uuid4\nnew = uuid4()", "drawn-id"),
    ("services/hunter/decide.py", "import uuid\nnew = uuid.uuid4()", "drawn-id"),
    ("services/hunter/decide.py", "async def decide(): ...", "awaits"),
    ("services/hunter/decide.py", "from services.runtime.log import EventLog", "room"),
    ("services/hunter/decide.py", "from services.providers.mailer.fake import FakeMailer", "room"),
    ("services/hunter/decide.py", "import redis", "library"),
    ("services/approval/decide.py", "from services.runtime import clock", "room"),
    ("services/approval/state.py", "import time", "impure"),
    ("services/guard/text.py", "import structlog", "library"),
    ("services/access/rights.py", "from services.approval import decide", "room"),
    ("services/reading/file.py", "from pathlib import Path", "impure"),
    ("services/reading/file.py", "from services.hunter import service", "room"),
    ("services/reading/rows.py", "import tldextract", "library"),
    ("services/enricher/handlers.py", "from services.reading.rows import cleaned", "room"),
    ("services/projections/audit.py", "from services.runtime.log import EventLog", "room"),
    ("services/projections/audit.py", "import redis.asyncio", "library"),
    ("services/projections/service.py", "from services.queen import decide", "room"),
    ("services/runtime/log.py", "from services.hunter import service", "room"),
    ("services/runtime/log.py", "import services.providers.mailer.port", "room"),
    ("services/runtime/log.py", "import gateway", "room"),
    ("services/runtime/log.py", "import aiohttp", "library"),
    ("services/providers/mailer/smtp.py", "from services.runtime.log import EventLog", "room"),
    ("services/providers/mailer/smtp.py", "from services.operator import handlers", "room"),
    ("services/providers/mailer/smtp.py", "from services.providers.language_model import port", "room"),
    ("services/providers/mailer/smtp.py", "import redis", "library"),
    ("services/providers/mailer/port.py", "import aiohttp", "library"),
    ("services/queen/handlers.py", "from services.hunter import decide", "room"),
    ("services/queen/handlers.py", "from services import hunter", "room"),
    ("services/queen/handlers.py", "import services", "room"),
    ("services/queen/handlers.py", "from services.providers.mailer.smtp import SmtpMailer", "room"),
    ("services/queen/handlers.py", "from gateway import app", "room"),
    ("services/queen/handlers.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gateway", "room"),
    ("services/queen/service.py", "import redis", "library"),
    ("gateway/app.py", "from services.queen import service", "room"),
    ("gateway/app.py", "from services.providers.mailer.port import Mailer", "room"),
    ("gateway/app.py", "import aiohttp", "library"),
    ("gateway/app.py", "import authlib", "library"),
    ("services/commands/sign_in.py", "from services.providers.identity.openid import OpenIdProvider", "room"),
    ("services/commands/sign_in.py", "import joserfc", "library"),
    ("gateway/app.py", "from services.cli import bootstrap", "imports-cli"),
    ("services/runtime/log.py", "import services.cli.bootstrap", "imports-cli"),
    ("services/__init__.py", "import contracts", "room"),
    ("services/queen/handlers.py", "from . import decide", "relative-import"),
    ("services/queen/handlers.py", "from .decide import decide", "relative-import"),
    ("tests/unit/queen/test_decide.py", "from ..controls import lead", "relative-import"),
    ("services/queen/utils.py", "", "utils"),
    ("services/runtime/queue.py", "", "standard-name"),
    ("services/logging/decide.py", "", "standard-name"),
    ("services/cli/token.py", "", "standard-name"),
    ("services/marketing/decide.py", "", "unknown-room"),
]

ALLOWED = [
    ("contracts/lead.py", "import hashlib\nimport msgspec\nfrom contracts.envelope import Event"),
    ("services/hunter/decide.py", "from services.guard import text\nfrom services.hunter.rules import score"),
    ("services/hunter/decide.py", "from services.providers.mailer.port import Receipt\nfrom uuid import uuid5"),
    ("services/hunter/decide.py", "from datetime import datetime\ndef later(gathered): return gathered.now"),
    ("services/operator/handlers.py", "from services.providers.mailer import port\nimport asyncio, structlog"),
    (
        "services/queen/handlers.py",
        "from services.runs.decide import decide\nfrom services.runtime.log import EventLog",
    ),
    (
        "services/providers/mailer/smtp.py",
        "import pydantic, aiohttp\nfrom services.providers.mailer.port import Mailer",
    ),
    ("services/projections/service.py", "from services.projections import audit\nfrom services.runtime import log"),
    (
        "services/reading/rows.py",
        "import email_validator\nfrom services.providers.company_directory.port import host_of",
    ),
    ("services/hunter/service.py", "from services.reading.decide import decide"),
    ("services/commands/imports.py", "from services.reading.file import read_file"),
    ("services/commands/provided.py", "from services.providers.identity.port import IdentityProvider"),
    ("services/providers/identity/openid.py", "import authlib, joserfc"),
    ("gateway/app.py", "from services.reading.sheet import ROWS_MAX"),
    ("gateway/app.py", "import litestar\nfrom services.approval.decide import decide\nfrom gateway.auth import Person"),
    ("services/cli/bootstrap.py", "import redis, anything\nfrom services.cli import run\nimport gateway.app"),
]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_file_keeps_to_its_room(path: Path) -> None:
    found = violations(PurePosixPath(path.as_posix()), (ROOT / path).read_text(encoding="utf-8"))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(("path", "source", "rule"), OFFENDERS)
def test_offender_is_caught(path: str, source: str, rule: str) -> None:
    assert rule in rules_broken(path, source)


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_what_the_table_allows_passes(path: str, source: str) -> None:
    assert rules_broken(path, source) == set()


def test_violation_names_the_place() -> None:
    [found] = violations(PurePosixPath("gateway/app.py"), "import msgspec\nimport aiohttp\n")
    assert found == Violation("gateway/app.py", 2, "library", "gateway may not import aiohttp")


def rules_broken(path: str, source: str) -> set[str]:
    return {each.rule for each in violations(PurePosixPath(path), source)}
