"""What a comparison of two ideal customers looks like at a terminal."""

from services.cli.icp_text import campaign_rows
from services.commands.icp_audiences import Reached
from services.commands.icp_compare import Compared, Named

NAMED = Named(model_id="icp-1", model_hash="0" * 64)
COMPARED = Compared(
    active=NAMED,
    candidate=NAMED,
    leads=0,
    coming=0,
    moving=0,
    rescored=0,
    otherwise=0,
    before={},
    after={},
    steps=(),
    nobody="",
    moves=(),
    campaigns=(
        Reached(campaign="founders", leads=1_200, before=700, after=650, leave=50),
        Reached(campaign="heads", leads=3, before=None, after=None),
    ),
)


def test_a_campaign_whose_audience_cannot_be_read_is_shown_as_that_and_not_left_out() -> None:
    assert campaign_rows(COMPARED) == [
        ("founders", "1,200", "700", "650", "0", "50"),
        ("heads", "3", "cannot be read", "cannot be read", "0", "0"),
    ]
