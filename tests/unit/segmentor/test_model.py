"""The model file: what makes one valid, and what its hash says."""

from pathlib import Path

import pytest

from contracts.errors import BadInput
from services.segmentor.model import load_model, model_hash, parse_model
from tests.unit.segmentor.leads import MODEL, SHIPPED, model_with


def test_model_that_changes_gets_a_new_id() -> None:
    """When this fails because the model was changed: give it a new id, and put both down here."""
    assert (MODEL.id, MODEL.hash) == ("icp-2", "1ef87b79a033b4d5cd971f20c3b5d1975d2b4412f65e551209effd1d809a5f34")


def test_hash_is_that_of_the_content() -> None:
    first, rest = SHIPPED.split("[size]", 1)
    body, after = rest.split("[title]\n", 1)
    moved = parse_model(f"# Another order.\n{first}[title]\n{after}\n[size]{body}")
    assert moved.hash == MODEL.hash == model_hash(MODEL.rules)


def test_any_change_of_content_changes_the_hash() -> None:
    assert model_with("percent = 150", "percent = 149").hash != MODEL.hash


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("titles = 1", "titles = 2", "titles"),
        ("tier_2 = 60", "tier_2 = 90", "tiers"),
        ("tier_2 = 60", 'tier_2 = "sixty"', "tiers.tier_2"),
        ("tier_2 = 60", "tier_2 = 160", "tiers.tier_2"),
        ("tier_2 = 60, ", "", "tiers.tier_2"),
        ("[size]\nmost = 20", "[size]\nmost = 30", "most"),
        ("least = 20, most = 50", "least = 25, most = 50", "size.bands[1]"),
        ("least = 501, most = 1000", "least = 501, most = 900", "size.bands"),
        ("{ points = 25, label", "{ points = 20, label", "title.most"),
        ("least_employees = 10\n", "least_employes = 10\n", "size.least_employes"),
        ("first = 20", "first = 19", "industry.most"),
        ('rank = "first"', 'rank = "best"', "industry.kinds[0].rank"),
        ("post_commenter = 5", "post_comenter = 5", "source_bonus.post_comenter"),
        ('signal = "visits", least = 5', 'signal = "visit", least = 5', "intent.rules[0].signal"),
        ("percent = 150", "percent = 15", "multipliers[0].percent"),
        ("least_revenue_usd = 1_000_000", "least_revenue_usd = 1_000_000_000", "disqualify.least_revenue_usd"),
        ('kinds = ["demo_requester"]', 'kinds = ["demo"]', "routes[0].kinds"),
        ('signal = "pricing_visits"\nleast = 2', 'signal = "price"\nleast = 2', "routes[2].signal"),
        ('[[routes]]\ncampaign = "nurture_sequence"', "", "routes"),
        ('campaign = "event_followup"', 'campaign = "Event follow-up"', "routes[4].campaign"),
        ('id = "icp-2"', "id =", "model"),
        ('id = "icp-2"', "", "id"),
    ],
)
def test_broken_model_is_refused_with_its_field(old: str, new: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        model_with(old, new)
    assert refused.value.values["field"] == field
    assert "\n" not in refused.value.sentence()


def test_model_file_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        load_model(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput):
        load_model(tmp_path / "odd.toml")
    (tmp_path / "good.toml").write_text(SHIPPED)
    assert load_model(tmp_path / "good.toml").hash == MODEL.hash
