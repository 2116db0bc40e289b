"""What may be said of a lead, each value bound to the fact it came from: saying it is citing it."""

from collections.abc import Callable
from typing import TypeAlias

from contracts.email import Claim
from contracts.envelope import ERASED, Personal, reveal
from contracts.lead import PERSONAL_FIELDS, Known, Lead
from services.crafter import natural
from services.crafter.speech import Speech

Said: TypeAlias = dict[tuple[str, str], Known]


SAYABLE = 0.8
"""Below this confidence a value may count towards a score, but is not said to anybody's face: half a range is a guess."""


class Cited:
    """Words for a template. To print them is to record them, so nothing of a lead gets into a text uncited."""

    __slots__ = ("_field", "_known", "_said", "_words")

    def __init__(self, words: str, field: str, known: Known, said: Said) -> None:
        self._words = words
        self._field = field
        self._known = known
        self._said = said

    def __str__(self) -> str:
        self._said[self._words, self._field] = self._known
        return self._words


class Sheet:
    """The words that a lead's fields give; a name is there only where it can be said.

    `company`, `title`, `first_name`, `name` (first and last), `one_firm`, `firms` and `among_firms` (industry),
    `people` (employees), `tool` and `tools` (technologies), `role` (hiring).
    """

    def __init__(self, lead: Lead, speech: Speech) -> None:
        self._speech = speech
        self._said: Said = {}
        self.words: dict[str, Cited] = {}
        fields = lead.fields
        self._text(fields, "company", "company", natural.company)
        self._text(fields, "title", "title", speech.title)
        self._text(fields, "first_name", "first_name", natural.given_name)
        if "first_name" not in self.words:
            self._text(fields, "first_name", "full_name", lambda raw: natural.given_name(raw, whole=True))
        if speech.forms.greets == "name":
            self._whole_name(fields)
        self._text(fields, "role", "hiring", lambda raw: natural.opening(raw) if concerns(raw, lead.persona) else "")
        industry = fields.get("industry")
        kind = speech.industry(plain(industry)) if industry else None
        if industry and kind:
            self._put("one_firm", kind.one, "industry", industry)
            self._put("firms", kind.many, "industry", industry)
            self._put("among_firms", kind.among or kind.many, "industry", industry)
        employees = fields.get("employees")
        if employees and isinstance(employees.value, str | int):
            self._put("people", speech.headcount(employees.value), "employees", employees)
        self._tools(fields.get("technologies"), TOOLS.get(lead.persona, _SHARED))

    def _text(self, fields: dict[str, Known], name: str, field: str, say: Callable[[str], str]) -> None:
        known = fields.get(field)
        if known is not None:
            self._put(name, say(plain(known)), field, known)

    def _whole_name(self, fields: dict[str, Known]) -> None:
        self._text(fields, "name", "full_name", natural.full_name)
        last = fields.get("last_name")
        if "name" not in self.words and "first_name" in self.words and last is not None:
            first = fields.get("first_name")
            whole = natural.full_name(f"{plain(first)} {plain(last)}") if first is not None else ""
            self._put("name", whole, "last_name", last)

    def _put(self, name: str, words: str, field: str, known: Known) -> None:
        if words and known.confidence >= SAYABLE:
            self.words[name] = Cited(words, field, known, self._said)

    def _tools(self, known: Known | None, mine: tuple[str, ...]) -> None:
        if known is None:
            return
        listed = known.value if isinstance(known.value, tuple) else tuple(plain(known).replace(";", ",").split(","))
        names = [name for name in map(natural.tool, listed) if name]
        wanted = [name for name in names if name.casefold().startswith(mine)]
        if wanted:
            self._put("tool", wanted[0], "technologies", known)
            self._put("tools", self._speech.tools(wanted), "technologies", known)

    def begin(self) -> None:
        """Forget what the last text said."""
        self._said.clear()

    def claims(self) -> tuple[Claim, ...]:
        """What the text just rendered says of the lead.

        Words from a field that names a person are left out: a claim is kept in plain, the text is not.
        """
        return tuple(
            Claim(words="" if field in PERSONAL_FIELDS else words, field=field, fact=known.fact, source=known.source)
            for (words, field), known in self._said.items()
        )


_CUSTOMERS = ("salesforce", "hubspot", "pipedrive", "zoho", "microsoft dynamics", "bullhorn", "activecampaign")
_SHARED = ("slack", "asana", "monday", "notion", "airtable", "clickup", "trello", "smartsheet")
_SELLING = ("outreach", "salesloft", "gong", "apollo")
_PROMOTING = ("marketo", "pardot", "mailchimp", "klaviyo", "braze")
_SERVING = ("intercom", "zendesk", "freshdesk", "servicenow")
_BUILDING = ("jira", "confluence", "github", "gitlab", "snowflake", "datadog", "okta")
_COUNTING = ("netsuite", "quickbooks", "xero", "sap", "sage", "workday", "tableau", "power bi", "looker")
_EMPLOYING = ("bamboohr", "workday", "greenhouse", "lever", "personio", "gusto")

TOOLS: dict[str, tuple[str, ...]] = {
    "sales": (*_CUSTOMERS, *_SELLING),
    "marketing": (*_PROMOTING, *_CUSTOMERS),
    "operations": (*_SHARED, *_SERVING, "netsuite", "sap", "shopify"),
    "technology": (*_BUILDING, *_SERVING),
    "finance": _COUNTING,
    "people": (*_EMPLOYING, *_SHARED),
    "executive": (*_SHARED, *_CUSTOMERS, "power bi", "tableau"),
}
"""Products that a persona has in front of them; a font service opens no conversation, nor does a CRM with an accountant."""


ROLES: dict[str, tuple[str, ...]] = {
    "sales": (
        "sales",
        "vertrieb",
        "verkauf",
        "commercial",
        "vente",
        "account",
        "revenue",
        "customer",
        "business development",
        "sdr",
        "bdr",
    ),
    "marketing": ("marketing", "werbung", "communication", "growth", "content", "demand", "brand"),
    "operations": ("operations", "logisti", "project", "projekt", "projet", "office", "betrieb", "exploitation"),
    "technology": (
        "engineer",
        "developer",
        "data",
        "devops",
        "software",
        "technical",
        "entwickl",
        "technik",
        "développ",
        "ingénieur",
        "informati",
    ),
    "finance": ("finance", "accountant", "controller", "bookkeep", "buchhalt", "finanz", "comptab", "trésor"),
}


def concerns(role: str, persona: str) -> bool:
    """Whether somebody of this persona has to do with filling a role: the heads of all, and those of its own field."""
    return persona in {"executive", "people"} or any(word in role.casefold() for word in ROLES.get(persona, ()))


def plain(known: Known | None) -> str:
    """The text of a field; empty where there is none, where it is a list, or where it was erased."""
    if known is None:
        return ""
    value = known.value
    if isinstance(value, Personal):
        text = reveal(value)
        return "" if text == ERASED else text
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
