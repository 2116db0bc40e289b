"""What can be asked wherever a person names something: in which namespace it is, and what the beginning of an id means."""

from typing import Protocol

from gateway.lookup import Found


class Finding(Protocol):
    """The part that all desks share."""

    async def namespace(self) -> str:
        """Where all of this is."""
        ...

    async def find(self, given: str) -> Found:
        """The lead that the beginning of its id, or of its e-mail's, names; where leads are looked at, also an address.

        Raises:
            NotFound: none has it.
            Ambiguous: several have.
        """
        ...

    async def find_run(self, given: str) -> str:
        """The run that the beginning or the end of its id names; raises as `find`."""
        ...
