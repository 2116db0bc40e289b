"""Job titles, read word by word."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from services.segmentor.title_words import LEVELS
from services.segmentor.titles import parse_title

WORDS = (
    "chief",
    "officer",
    "of",
    "and",
    "to",
    "at",
    "head",
    "partner",
    "vice",
    "president",
    "ex",
    " - ",
    ",",
    "&",
    "ceo",
)

TITLES = [
    # The three words that were misread by substring.
    ("Director", "director", "other"),
    ("Vice President", "vp", "executive"),
    ("Coordinator", "other", "other"),
    # Who runs the company.
    ("CEO", "c_suite", "executive"),
    ("C.E.O.", "c_suite", "executive"),
    ("Chief Executive Officer", "c_suite", "executive"),
    ("Chief Executive", "c_suite", "executive"),
    ("Chief Operating Officer", "c_suite", "operations"),
    ("COO", "c_suite", "operations"),
    ("President", "c_suite", "executive"),
    ("President & CEO", "c_suite", "executive"),
    ("President, Sales", "c_suite", "sales"),
    ("Founder", "c_suite", "executive"),
    ("Co-Founder", "c_suite", "executive"),
    ("Founder/CEO", "c_suite", "executive"),
    ("co-founder & CTO", "c_suite", "technology"),
    ("CTO & Co-Founder", "c_suite", "technology"),
    ("CEO & Head of Sales", "c_suite", "executive"),
    ("Owner", "c_suite", "executive"),
    ("Business Owner", "c_suite", "executive"),
    ("Small Business Owner", "c_suite", "executive"),
    ("OWNER / OPERATOR", "c_suite", "executive"),
    ("Agency Owner | Speaker", "c_suite", "executive"),
    ("Managing Partner", "c_suite", "executive"),
    ("Founding Partner", "c_suite", "executive"),
    ("Interim CEO", "c_suite", "executive"),
    ("CEO at Director's Cut Media", "c_suite", "executive"),
    ("CEO, ex-Google", "c_suite", "executive"),
    # Other chiefs, vice presidents, heads.
    ("CTO", "vp", "technology"),
    ("CFO", "vp", "finance"),
    ("CRO", "vp", "sales"),
    ("CXO", "vp", "executive"),
    ("CHRO", "vp", "people"),
    ("Chief People Officer", "vp", "people"),
    ("Chief Revenue Officer", "vp", "sales"),
    ("Chief Sales & Marketing Officer", "vp", "sales"),
    ("Chief Information Security Officer", "vp", "technology"),
    ("Chief Marketing Technology Officer", "vp", "marketing"),
    ("Chief of Staff", "vp", "executive"),
    ("Chief of Staff to the CEO", "vp", "executive"),
    ("VP of Sales", "vp", "sales"),
    ("V.P. Marketing", "vp", "marketing"),
    ("SVP", "vp", "executive"),
    ("EVP, Operations", "vp", "operations"),
    ("Vice-President", "vp", "executive"),
    ("Senior Vice President – Engineering", "vp", "technology"),
    ("VP Finance & Operations", "vp", "finance"),
    ("Head of Growth", "vp", "marketing"),
    ("Global Head, Talent", "vp", "people"),
    ("Sales Head", "vp", "sales"),
    ("Managing Director", "vp", "executive"),
    ("Managing Director, Sales EMEA", "vp", "sales"),
    ("MD", "vp", "executive"),
    ("SVP / Head of People", "vp", "people"),
    ("Sales Director | CEO Coach", "director", "sales"),
    ("Partner", "vp", "executive"),
    # Directors.
    ("Sr. Director, Revenue Operations", "director", "sales"),
    ("Senior Director", "director", "other"),
    ("Associate Director", "director", "other"),
    ("Director of Business Development", "director", "sales"),
    ("IT Director", "director", "technology"),
    ("Director, Marketing Operations", "director", "marketing"),
    ("Executive Director", "director", "other"),
    ("Director of Coordinator Training", "director", "other"),
    ("Assistant Vice President", "director", "other"),
    ("Deputy Managing Director", "director", "other"),
    # Managers and leads.
    ("Account Manager", "manager", "sales"),
    ("Product Manager", "manager", "technology"),
    ("Team Lead, Customer Success", "manager", "sales"),
    ("Lead Engineer", "manager", "technology"),
    ("Principal Consultant", "manager", "other"),
    ("HR Manager", "manager", "people"),
    ("Assistant Director", "manager", "other"),
    ("Owner Relations Manager", "manager", "other"),
    ("Intern Program Manager", "manager", "operations"),
    # Nobody who decides, whatever words are borrowed.
    ("Executive Assistant", "other", "other"),
    ("Assistant to the CEO", "other", "other"),
    ("Assistant to the CEO and President", "other", "other"),
    ("Executive Assistant, CEO", "other", "other"),
    ("CEO Assistant", "other", "other"),
    ("President's Office Coordinator", "other", "other"),
    ("CEO Office Coordinator", "other", "other"),
    ("Coordinator, Office of the President", "other", "other"),
    ("Owner's Representative", "other", "other"),
    ("Product Owner", "other", "technology"),
    ("Technical Product Owner", "other", "technology"),
    ("former CEO", "other", "other"),
    ("ex-CEO", "other", "other"),
    ("CEO (retired)", "other", "other"),
    ("Former CEO, now Advisor", "other", "other"),
    ("Aspiring Founder", "other", "other"),
    ("intern", "other", "other"),
    ("Marketing Intern", "other", "marketing"),
    ("Manager in Training", "other", "other"),
    ("Assistant Manager", "other", "other"),
    ("Advisor to the CEO", "other", "other"),
    ("Non-Executive Director", "other", "other"),
    ("HR Business Partner", "other", "people"),
    ("Lead Generation Specialist", "other", "other"),
    ("Head Chef", "other", "other"),
    ("Account Executive", "other", "sales"),
    ("Software Engineer", "other", "technology"),
    ("International Ceos Correspondent", "other", "other"),
    ("Contractor", "other", "other"),
    ("", "other", "other"),
    ("---", "other", "other"),
    # Other languages.
    ("Directeur commercial", "director", "sales"),
    ("Directrice des ventes", "director", "sales"),
    ("Directeur général", "c_suite", "executive"),
    ("Directeur général adjoint", "vp", "executive"),
    ("Président-directeur général", "c_suite", "executive"),
    ("PDG", "c_suite", "executive"),
    ("Gérant", "vp", "executive"),
    ("Chef de projet", "manager", "other"),
    ("DRH", "director", "people"),
    ("Responsable marketing", "manager", "marketing"),
    ("Geschäftsführer", "vp", "executive"),
    ("Geschaeftsfuehrerin", "vp", "executive"),
    ("Leiter Vertrieb", "vp", "sales"),
    ("Vertriebsleiter", "vp", "sales"),
    ("Inhaber", "c_suite", "executive"),
    ("Gründer und Geschäftsführer", "c_suite", "executive"),
    ("Werkstudent Marketing", "other", "marketing"),
    ("Director Comercial", "director", "sales"),
    ("Director General", "c_suite", "executive"),
    ("Gerente de Ventas", "manager", "sales"),
    ("Consejero Delegado", "c_suite", "executive"),
    ("Dueño", "c_suite", "executive"),
]


@pytest.mark.parametrize(("title", "level", "persona"), TITLES, ids=[title for title, _, _ in TITLES])
def test_title_is_read_as_its_words_say(title: str, level: str, persona: str) -> None:
    read = parse_title(title)
    assert (read.level, read.persona) == (level, persona)


@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title, lambda title: f"  {title}  ", lambda t: t + "."])
def test_spelling_does_not_change_what_a_title_says(spell: Callable[[str], str]) -> None:
    changed = [title for title, level, _ in TITLES if parse_title(spell(title)).level != level]
    assert not changed


@pytest.mark.parametrize("title", ["Revenue Operations Manager", "Sales Operations Lead", "RevOps Manager", "CRO"])
def test_revenue_people_never_get_the_worries_of_technology(title: str) -> None:
    assert parse_title(title).persona == "sales"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # The first text of a machine builds a table.
@given(strategies.text(max_size=300))
def test_any_text_is_read(title: str) -> None:
    assert parse_title(title).level in LEVELS


@given(strategies.lists(strategies.sampled_from(WORDS)))
def test_any_order_of_title_words_is_read(pieces: list[str]) -> None:
    assert parse_title(" ".join(pieces)).level in LEVELS
