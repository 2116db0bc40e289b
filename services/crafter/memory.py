"""The port through which CRAFTER learns what people rejected for a lead."""

from typing import Protocol

from services.guard.draft import RejectionMemory


class RejectionMemoryReader(Protocol):
    """Knows the rejections of a lead's drafts."""

    async def get(self, lead_id: str) -> RejectionMemory:
        """What was rejected; empty where nothing was.

        Raises:
            SwarmError: nobody knows; the delivery fails, because a draft written without memory may be a repeat.
        """
        ...
