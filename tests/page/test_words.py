"""Every code that the swarm can say has words on the page: nothing internal is the only text of anything."""

import json
import re
from collections.abc import Iterable
from typing import get_args

from contracts import access, email, lead, policy, run
from contracts.facts import CATEGORIES, FACTS
from services.cli.bootstrap import SERVICES
from services.crafter.languages import LANGUAGES
from services.crafter.library import load_library
from services.guard.rules import RULES
from services.projections import feedback
from services.projections.leads import _STANDS
from services.projections.views import VIEWS
from services.reading.aliases import ALIASES
from services.segmentor.model import load_model
from tests.page.house import Comes

CODE = re.compile(r"\b[a-z]+\d*_[a-z_]+\b|\btier\d\b|\b[A-Z]+_[A-Z]+\b")
ANSWERED = {"rejected", "expired", "withdrawn", "blocked"}
ROUTES = [route for some in load_model(None).routes.values() for route in some]
"""The campaign that is named after a tool somebody uses is made of its name."""

TABLES: dict[tuple[str, str], Iterable[str]] = {
    ("core/words.js", "TIERS"): get_args(lead.Tier),
    ("core/words.js", "STAGES"): run.STAGES,
    ("core/words.js", "MODES"): get_args(lead.Mode),
    ("core/words.js", "EMAIL"): get_args(email.Status),
    ("core/words.js", "STOPPED"): get_args(lead.StopReason),
    ("core/words.js", "WISHES"): get_args(email.Wish),
    ("core/words.js", "EDITS"): get_args(email.EditClass),
    ("core/words.js", "GATES"): (
        "halt",
        "halted",
        "suppression",
        "suppressed",
        "excluded",
        "approval",
        "phase",
        "mailer",
    ),
    ("core/words.js", "PLACES"): get_args(access.ReadingPlace),
    ("core/words.js", "ANGLES"): load_library().angles,
    ("core/words.js", "CAMPAIGNS"): {one.campaign for one in ROUTES if "{" not in one.campaign},
    ("core/rights.js", "PHASES"): get_args(policy.Phase),
    ("core/rights.js", "ROLES"): access.ROLES,
    ("core/rights.js", "PERMISSIONS"): access.ALL_PERMISSIONS,
    ("core/facts.js", "NAMES"): FACTS,
    ("core/facts.js", "CATEGORIES"): CATEGORIES,
    ("core/facts.js", "RUNS"): get_args(lead.Mode),
    ("queue/tags.js", "LABELS"): get_args(email.RejectionTag),
    ("queue/rules.js", "RULES"): [one.id for one in RULES],
    ("feedback/answers.js", "OUTCOMES"): get_args(feedback.Outcome),
    ("health/words.js", "SERVICES"): SERVICES,
    ("health/words.js", "VIEWS"): VIEWS,
    ("leads/funnel.js", "STAGES"): run.STAGES,
    ("runs/words.js", "STAGES"): run.STAGES,
    ("runs/words.js", "STATUS"): set(get_args(run.Status)) - {"none"},
    ("runs/words.js", "ROWS"): set(run.ROW_COUNTS) - {"rows"},
    ("runs/words.js", "ENDS"): {
        *get_args(lead.StopReason),
        *ANSWERED,
        lead.EXCLUDED,
        "duplicate",
        "refused",
        "unresolved",
    },
    ("runs/words.js", "FIELDS"): ALIASES,
    ("set_up/offer/used.js", "LANGUAGES"): LANGUAGES,
    ("set_up/templates/words.js", "NEEDS"): {need for one in load_library().angles.values() for need in one.needs},
    ("settings/tokens.js", "WAYS"): set(get_args(access.SignInWay)) - {""},
}
"""By the module of the page and its table: the codes that can come."""
SILENT = {("core/words.js", "PLACES", "elsewhere")}
"""Of these the sentence says nothing."""


async def test_every_code_has_words_and_none_of_them_is_a_code(comes: Comes) -> None:
    reader = await comes("")
    ask = "async ([module, table]) => JSON.stringify((await import(`/page/${module}`))[table] ?? {})"
    wrong: list[str] = []
    for (module, table), codes in TABLES.items():
        known = json.loads(await reader.page.evaluate(ask, [module, table]))
        wrong += [f"{module} {table} lacks {code}" for code in sorted(set(codes) - set(known))]
        for code, words in known.items():
            texts = [words] if isinstance(words, str) else [one for one in dict(words).values() if isinstance(one, str)]
            silent = not any(texts) and (module, table, code) not in SILENT
            wrong += [f"{module} {table} says nothing of {code}"] if silent else []
            wrong += [f"{module} {table} calls {code} {text!r}" for text in texts if CODE.search(text)]
    assert wrong == []


async def test_place_of_an_unresolved_letter_is_called_as_the_leads_call_it(comes: Comes) -> None:
    reader = await comes("")
    asked = "async () => (await import('/page/core/unresolved.js')).STANDS"
    assert await reader.page.evaluate(asked) == _STANDS["unresolved"]
