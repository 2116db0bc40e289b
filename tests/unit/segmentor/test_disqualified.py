"""Who is never written to."""

import pytest

from contracts.lead import LeadDisqualified, LeadScored, Value
from tests.unit.segmentor.leads import MODEL, answer, fitting, model_with

RULES: list[tuple[dict[str, Value], str]] = [
    ({"employees": 9}, "too_small"),
    ({"employees": 1}, "too_small"),
    ({"employees": 1001}, "too_large"),
    ({"employees": 19}, "agency_too_small"),
    ({"revenue_usd": 999_999}, "revenue_too_low"),
    ({"revenue_usd": 250_000_001}, "revenue_too_high"),
    ({"industry": "Government Administration"}, "government"),
    ({"industry": "Military"}, "government"),
    ({"industry": "Öffentliche Verwaltung"}, "government"),
    ({"industry": "Conseil régional"}, "government"),
    ({"industry": "Enseignement supérieur"}, "education"),
    ({"industry": "Non-profit Organization Management"}, "non_profit"),
    ({"industry": "Nonprofit"}, "non_profit"),
    ({"industry": "Philanthropy"}, "non_profit"),
    ({"industry": "Higher Education"}, "education"),
    ({"industry": "Education Management"}, "education"),
    ({"industry": "Primary/Secondary Education"}, "education"),
    ({"industry": "Research"}, "education"),
    ({"industry": "Academic Research"}, "education"),
    ({"email": "ada@cs.college.edu"}, "education"),
    ({"email": "ada@dept.ac.uk"}, "education"),
    ({"domain": "https://www.city.gov/about"}, "government"),
    ({"email": "Ada@GMAIL.com"}, "free_mail"),
]


@pytest.mark.parametrize(("changes", "rule"), RULES)
def test_rule_ends_the_lead(changes: dict[str, Value], rule: str) -> None:
    fact = answer(fitting(**changes))
    assert isinstance(fact, LeadDisqualified)
    assert (fact.rule, fact.model_id, fact.model_hash) == (rule, MODEL.id, MODEL.hash)
    assert fact.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"employees": 10, "industry": "SaaS"},
        {"employees": 20},
        {"employees": 19, "industry": "Staffing Agency"},
        {"employees": 1000},
        {"revenue_usd": 1_000_000},
        {"revenue_usd": 250_000_000},
        {"industry": "Government Relations"},
        {"industry": "Education Technology"},
        {"industry": "E-Learning"},
        {"industry": "Market Research"},
        {"industry": "College Consulting"},
        {"email": "ada@gmail.com.example"},
        {"email": "ada@notgov.example"},
        {"employees": None, "industry": None, "email": None, "title": None},
        {"revenue_usd": 0},
        {"employees": 0},
    ],
)
def test_value_at_the_border_or_unknown_ends_nothing(changes: dict[str, Value]) -> None:
    assert isinstance(answer(fitting(**changes)), LeadScored)


@pytest.mark.parametrize(("listed", "rule"), [("customers", "customer"), ("competitors", "competitor")])
@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ada@analytical.example"},
        {"email": "ada@mail.Analytical.example"},
        {"email": None, "domain": "www.analytical.example"},
        {"email": "ada@analytical.example", "employees": 5},
    ],
)
def test_customers_and_competitors_are_left_alone(listed: str, rule: str, changes: dict[str, Value]) -> None:
    model = model_with(f"{listed} = []", f'{listed} = ["Analytical.example"]')
    fact = answer(fitting(**changes), model)
    assert isinstance(fact, LeadDisqualified)
    assert fact.rule == rule
    assert isinstance(answer(fitting(email="ada@other-analytical.example"), model), LeadScored)


def test_reason_names_no_person() -> None:
    fact = answer(fitting(email="ada.lovelace@gmail.com"))
    assert isinstance(fact, LeadDisqualified)
    assert "ada" not in fact.reason
