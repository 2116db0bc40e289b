"""Which runs are of a campaign."""

from contracts.lead import RunTerms
from services.projections.runs import Row, of_campaign


def test_a_run_is_of_the_campaign_that_it_was_asked_for_and_of_those_its_leads_were_routed_to() -> None:
    asked = Row(run_id="a", terms=RunTerms(run_id="a", mode="staging", campaign="founders"))
    routed = Row(run_id="b", terms=RunTerms(run_id="b", mode="staging"), counts={"campaign": {"nurture": 3}})
    assert [of_campaign(asked, name) for name in ("founders", "nurture", "")] == [True, False, True]
    assert [of_campaign(routed, name) for name in ("founders", "nurture", "")] == [False, True, True]
    assert not of_campaign(Row(run_id="c"), "founders")
