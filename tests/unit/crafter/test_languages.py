"""German and French as English: every text that can be written passes, says what facts carry, and reads as written there."""

import re
import tomllib
from collections.abc import Iterator
from itertools import product

import pytest

from contracts.lead import Lead, Value
from services.crafter.angles import candidates
from services.crafter.languages import DIRECTORY, LANGUAGES
from services.crafter.library import shipped_file
from services.crafter.names import folded, industries
from services.crafter.render import Rendered, render
from services.crafter.sheet import Sheet
from services.guard.draft import RejectionMemory
from services.guard.judge import failures, inspect
from services.guard.text import first_sentence, normal, personal_part
from tests.unit.crafter.controls import FACT, NOW, PERSONAS, lead, library, person, voice

OTHERS = ("de", "fr")
TITLES: dict[str, Value] = {"de": "Leiterin Auftragsabwicklung", "fr": "Directrice des opérations"}
KNOWN: dict[str, dict[str, Value]] = {
    "sparse": {"full_name": "Dana Weber", "company": "Nordlicht Technik GmbH", "email": "dana@nordlicht.example"},
    "unnamed": {"company": "Nordlicht Technik GmbH", "email": "dana@nordlicht.example"},
}
KNOWN["full"] = KNOWN["sparse"] | {
    "industry": "Software",
    "employees": 1240,
    "technologies": ("HubSpot", "Slack", "Jira", "NetSuite", "Greenhouse", "Marketo"),
    "hiring": "Operations Manager",
}
DEFECTS = re.compile(r"[{}]|\bNone\b|\bnan\b|\['|\[\]|  | ,| \.(?!\w)|\b(\w{2,}) \1\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(?:the|and|with|your|you|at|about|people|company|of)\b")
FORMAL = {
    "de": re.compile(r"\b(?:du|dich|dir|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:tu|toi|ton|tes)\b", re.IGNORECASE),
}


def texts(language: str, who: Lead, *, short: bool = False, soft: bool = False) -> Iterator[tuple[str, Rendered]]:
    texts_of = library(language)
    sheet = Sheet(who, texts_of.speech)
    words = frozenset(sheet.words) | {"resource"}
    memory = RejectionMemory()
    for one in candidates(person(), who, words, library=texts_of, memory=memory, account=None):
        yield (
            one.angle.name,
            render(
                sheet,
                voice(language),
                texts_of,
                one.angle,
                one.variant,
                subject=one.subject,
                persona=who.persona,
                short=short,
                soft=soft,
            ),
        )


def who(language: str, known: str, persona: str) -> Lead:
    return lead(KNOWN[known] | {"title": TITLES[language]}, persona=persona, tier="tier_1")


@pytest.mark.parametrize("language", OTHERS)
def test_every_angle_and_persona_of_english_is_there_with_as_many_openers_and_pains(language: str) -> None:
    english, other = library(), library(language)
    assert set(other.angles) == set(english.angles)
    for name, angle in english.angles.items():
        there = other.angles[name]
        assert (there.tiers, there.theme, there.needs) == (angle.tiers, angle.theme, angle.needs)
        assert len(there.openers) == len(angle.openers), name
        assert sum(not part.needs & {"people"} for part in there.openers) >= 4
    assert {persona: set(themes) for persona, themes in other.pains.items()} == {
        persona: set(themes) for persona, themes in english.pains.items()
    }
    assert all(len(pains) == 2 for themes in other.pains.values() for pains in themes.values())


@pytest.mark.parametrize(
    ("language", "persona", "known", "short", "soft"),
    list(product(OTHERS, PERSONAS, KNOWN, (False, True), (False, True))),
)
def test_no_text_has_a_defect_and_the_guard_passes_all(
    language: str, persona: str, known: str, *, short: bool, soft: bool
) -> None:
    found = list(texts(language, who(language, known, persona), short=short, soft=soft))
    assert found
    for angle, text in found:
        assert not DEFECTS.search(text.subject.replace("\u00a0", "_")), (angle, text.subject)
        own = personal_part(text.text, voice(language).offer.sender_name)
        assert not DEFECTS.search(own.replace("\u00a0", "_")), (angle, own)
        assert not ENGLISH.search(own.casefold().replace("nordlicht technik", "")), (angle, own)
        assert not FORMAL[language].search(own), (angle, own)
        verdict = inspect(
            text.subject,
            text.text,
            claims=text.claims,
            recipient_lead_id=person(),
            company=str(KNOWN["sparse"]["company"]),
            account=None,
            memory=RejectionMemory(),
            compliance=voice(language).compliance,
            now=NOW,
        )
        stopped = {one.rule for one in failures(verdict)}
        assert stopped <= {"SUBJECT-LENGTH"}, (angle, failures(verdict), text.subject, text.text)
        assert {"company", "title"} <= {claim.field for claim in text.claims}
        for claim in text.claims:
            assert claim.fact == FACT
            assert claim.words in text.text or claim.words in text.subject


@pytest.mark.parametrize(("language", "persona"), list(product(LANGUAGES, PERSONAS)))
def test_each_angle_has_a_subject_that_is_short_enough(language: str, persona: str) -> None:
    if language == "en":
        found = list(texts(language, lead(KNOWN["full"], persona=persona, tier="tier_1")))
    else:
        found = list(texts(language, who(language, "full", persona)))
    assert {angle for angle, text in found if len(text.subject) <= 60} == {angle for angle, _ in found}


@pytest.mark.parametrize("language", OTHERS)
def test_texts_are_as_short_as_the_english_ones(language: str) -> None:
    found = [text for _, text in texts(language, who(language, "full", "sales"))]
    sizes = [len(personal_part(text.text, voice(language).offer.sender_name).split()) for text in found]
    assert min(sizes) >= 50
    assert max(sizes) <= 140


@pytest.mark.parametrize("language", OTHERS)
def test_first_sentences_are_one_sentence_each_and_all_different(language: str) -> None:
    found = {
        first_sentence(personal_part(text.text, voice(language).offer.sender_name))
        for _, text in texts(language, who(language, "full", "operations"))
    }
    assert len(found) == sum(len(angle.openers) for angle in library(language).angles.values())


def test_german_topics_are_feminine_and_french_ones_begin_with_a_consonant() -> None:
    german = {pain.topic for themes in library("de").pains.values() for two in themes.values() for pain in two}
    feminine = re.compile(
        r"\w*(?:ung|ion|pflege|übergabe|freigabe|weitergabe|durchsprache|suche|messung|auswahl|prognose)", re.IGNORECASE
    )
    assert not [one for one in german if not feminine.fullmatch(one.split()[0].replace("-", ""))]
    french = {pain.topic for themes in library("fr").pains.values() for two in themes.values() for pain in two}
    assert not [one for one in french if one[0] in "aeiouyhéèêà"]
    assert all(len(one) <= 31 for one in german | french)


def test_a_french_mark_never_begins_a_line() -> None:
    for _, text in texts("fr", who("fr", "full", "technology")):
        assert not re.search(r" [?!;:»]|« ", personal_part(text.text, "Camille Ferrand")), text.text


@pytest.mark.parametrize(
    ("language", "fields", "greeting"),
    [
        ("de", {"full_name": "Dr. Dana Weber"}, "Guten Tag Dana Weber,"),
        ("de", {"first_name": "dana", "last_name": "WEBER"}, "Guten Tag dana WEBER,"),
        ("de", {"first_name": "Dana", "last_name": "von der Aue"}, "Guten Tag Dana von der Aue,"),
        ("de", {"full_name": "Weber, Dana"}, "Guten Tag Dana Weber,"),
        ("de", {"first_name": "Dana"}, "Guten Tag,"),
        ("fr", {"full_name": "Chloé Lefèvre"}, "Bonjour Chloé,"),
        ("fr", {}, "Bonjour,"),
    ],
)
def test_greeting(language: str, fields: dict[str, Value], greeting: str) -> None:
    known: dict[str, Value] = {"company": "Nordlicht", "title": TITLES[language]}
    _, text = next(texts(language, lead(known | fields, tier="tier_1")))
    assert text.text.splitlines()[0] == greeting
    assert all(not claim.words for claim in text.claims if "name" in claim.field)


@pytest.mark.parametrize(
    ("language", "headcount", "industry", "one", "among"),
    [
        (
            "de",
            "rund 1.200 Beschäftigten",
            "Staffing and Recruiting",
            "ein Personaldienstleister",
            "Personaldienstleistern",
        ),
        ("de", "rund 1.200 Beschäftigten", "Maschinenbau", "ein Maschinenbauer", "Maschinenbauern"),
        ("fr", "environ 1\u00a0200 personnes", "Computer Software", "un éditeur de logiciels", ""),
        ("fr", "environ 1\u00a0200 personnes", "Expertise comptable", "un cabinet comptable", ""),
    ],
)
def test_natural_forms(language: str, headcount: str, industry: str, one: str, among: str) -> None:
    speech = library(language).speech
    assert speech.headcount(1240) == headcount
    kind = speech.industry(industry)
    assert kind is not None
    assert (kind.one, kind.among) == (one, among)


def test_every_language_says_only_industries_that_are_recognised() -> None:
    known = {one.name for one in industries()}
    for language in LANGUAGES:
        assert set(library(language).speech.forms.industries) <= known, language


def test_no_industry_is_named_twice() -> None:
    named = [folded(each) for one in industries() for each in one.names]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("language", "raw", "said"),
    [
        ("de", "Founder & CEO", "Founder und CEO"),
        ("de", "Geschäftsführer (m/w/d)", "Geschäftsführer"),
        ("fr", "Directeur commercial", "directeur commercial"),
        ("fr", "CEO & Fondatrice", "CEO et Fondatrice"),
        ("fr", "Responsable RH", "responsable RH"),
        ("en", "Directrice générale", "Managing Director"),
        ("en", "DIRECTRICE GENERALE", "Managing Director"),
        ("en", "Geschäftsführer (m/w/d)", "Managing Director"),
        ("de", "Directeur commercial", "Sales Director"),
        ("fr", "Leiterin Vertrieb", "Head of Sales"),
        ("de", "Leiterin Vertrieb", "Leiterin Vertrieb"),
        ("de", "VP Sales", "VP Sales"),
        ("en", "Responsable des prairies", "Responsable des prairies"),
    ],
)
def test_title(language: str, raw: str, said: str) -> None:
    assert library(language).speech.title(raw) == said


SERVICES = re.compile(r"\b(?:AI|KI|IA)\b|(?i:automat|guarant|garant|free of charge|kostenlos|gratuit)")
"""What only an offer may say that the sender does, or gives."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_says_of_the_sender_what_only_an_offer_can_carry(language: str) -> None:
    for file in sorted((DIRECTORY / language).iterdir()):
        assert not SERVICES.search(file.read_text(encoding="utf-8")), file


def test_a_german_text_goes_on_small_after_the_greeting() -> None:
    noun_or_you = ("Neues ", "Ihnen ", "{{ company }}")
    for angle in library("de").angles.values():
        source = shipped_file("de", angle.name).read_text(encoding="utf-8")
        for opener in tomllib.loads(source.split("+++")[1])["openers"]:
            assert opener[0].islower() or opener.startswith(noun_or_you), (angle.name, opener)


def test_a_french_text_does_not_say_whether_a_man_or_a_woman_writes() -> None:
    gendered = re.compile(r"je suis \w+(?:eux|é|ée)\b|\bravi\w*\b", re.IGNORECASE)
    for file in sorted((DIRECTORY / "fr").glob("*.j2")):
        assert not gendered.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("soft", [False, True])
def test_a_title_is_said_once(language: str, *, soft: bool) -> None:
    whose = who(language, "full", "operations") if language != "en" else lead(KNOWN["full"], tier="tier_1")
    title = str(Sheet(whose, library(language).speech).words["title"])
    openers = 0
    for _, text in texts(language, whose, soft=soft):
        own = personal_part(text.text, voice(language).offer.sender_name)
        assert own.count(title) == 1, own
        openers += title in first_sentence(own)
    assert openers >= len(library(language).angles) - 1


def test_pain_texts_are_not_shared_between_personas_by_mistake() -> None:
    for language in LANGUAGES:
        pains = library(language).pains
        for persona in set(pains) - {"general"}:
            said = [normal(pain.text) for two in pains[persona].values() for pain in two]
            assert len(set(said)) == len(said), (language, persona)
