"""What can be asked about the texts: which there are, what is wrong with them, and how one reads for a lead."""

from typing import Protocol

import msgspec

from contracts.email import Claim
from contracts.envelope import FreeText
from contracts.lead import Tier


class TemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One angle in one language. `file` is named as from the folder of templates and empty for a shipped one; `needs` is
    what a lead must have for it."""

    angle: str
    language: str
    own: bool
    file: str
    template_hash: str
    tiers: tuple[Tier, ...]
    personas: tuple[str, ...]
    theme: str
    needs: tuple[str, ...]
    openers: int


class TemplateProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong at a line of a user's file, which is named as from the folder of templates.

    `blocks` says that nothing is written from it until it is mended; else a rule of the guard would stop some texts.
    """

    file: str
    line: int
    angle: str
    language: str
    rule: str
    reason: str
    remedy: str
    blocks: bool


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All texts of these languages. `language` is that of the offer; `folder` is the name of the user's own, without where
    on the machine it lies, and empty where there is none."""

    language: str
    languages: tuple[str, ...]
    folder: str
    templates: tuple[TemplateRow, ...]
    problems: tuple[TemplateProblem, ...]


class BrokenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the guard that a text breaks, and what it found."""

    rule: str
    found: str


class TemplatePreview(msgspec.Struct, frozen=True, kw_only=True):
    """How one angle reads for a lead, whole and judged; nothing was recorded."""

    angle: str
    language: str
    own: bool
    lead_id: str
    variant: int
    openers: int
    subject: FreeText
    text: FreeText
    claims: tuple[Claim, ...]
    passed: bool
    stops: tuple[BrokenRule, ...]


class Templates(Protocol):
    """Knows the texts."""

    def catalogue(self, language: str = "") -> Catalogue:
        """Every text; of one language alone where it is named.

        Raises:
            BadInput: there is no such language, or the user's folder is not there.
        """
        ...

    async def preview(
        self, angle: str, lead_id: str, *, language: str = "", variant: int | None = None
    ) -> TemplatePreview:
        """How an angle reads for a lead, by default with the first opener whose words are known.

        Raises:
            NotFound: there is no such angle or lead.
            BadInput: the template is broken, or something that it says is not known of the lead.
        """
        ...
