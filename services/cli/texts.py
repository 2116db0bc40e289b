"""What the commands ask about texts: beside the store, or over a gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import msgspec

from gateway import lookup
from services.cli.given import Given
from services.cli.opening import reading
from services.cli.template_desk import TemplateDesk, catalogue_of, placed
from services.commands.templates import Catalogue, TemplatePreview


class Texts(Protocol):
    """The texts of a namespace."""

    async def catalogue(self, language: str = "") -> Catalogue:
        """Every text; of one language alone where it is named.

        Raises:
            BadInput: there is no such language, or the user's folder is not there.
        """
        ...

    async def preview(self, angle: str, about: str, *, language: str, opener: int | None) -> TemplatePreview:
        """How an angle reads for the lead that an id, or its beginning, names.

        Args:
            language: empty for that of the offer.
            opener: from 1; None for the first that fits.

        Raises:
            NotFound: there is no such angle or lead.
            BadInput: the template is broken, or something that it says is not known of the lead.
        """
        ...


@dataclass(frozen=True)
class OwnTexts:
    """Texts as the settings of this machine name them; only a preview opens the store."""

    given: Given

    async def catalogue(self, language: str = "") -> Catalogue:
        """See `Texts`; so for both of these."""
        settings = self.given.settings()
        return placed(catalogue_of(settings, language), settings)

    async def preview(self, angle: str, about: str, *, language: str, opener: int | None) -> TemplatePreview:
        async with reading(self.given) as store:
            found = await lookup.find(store.views, about)
            desk = TemplateDesk(store.settings, store.log, store.clock)
            variant = opener - 1 if opener else None
            return await desk.preview(angle, found.lead_id, language=language, variant=variant)


@asynccontextmanager
async def at_texts(given: Given) -> AsyncIterator[Texts]:
    """The texts of the namespace that is meant."""
    if given.elsewhere():
        from services.cli.remote.opening import gateway
        from services.cli.remote.templates import GatewayTexts

        async with gateway(given) as there:
            yield GatewayTexts(there)
    else:
        yield OwnTexts(given)


def in_its_language(found: Catalogue) -> Catalogue:
    """Those in the language of the offer alone."""
    return msgspec.structs.replace(
        found,
        templates=tuple(one for one in found.templates if one.language == found.language),
        problems=tuple(one for one in found.problems if one.language in {"", found.language}),
    )
