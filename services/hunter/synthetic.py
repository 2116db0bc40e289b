"""Invented people at invented companies, for runs that may touch nothing real.

Names of companies are coined, every domain ends in `.example`, which nobody can own, and the same source, seed and
place always give the same person.
"""

import random
import unicodedata
from collections.abc import Sequence

from contracts.errors import BadInput
from contracts.lead import Origin
from services.reading.rows import Candidate, candidate_of

SOURCE_KINDS = {"competitor_gong": "competitor_follower", "event_saastr": "event_attendee", "default": "import"}
COUNT_MAX = 1_000
BASIS = "synthetic: invented, nobody's data"

_FIRST = (
    "Amara Anika Beatriz Bilal Camille Chidi Dagný Deniz Elif Emeka Esme Farid Freya Giulia Hana Henrike Ines Ingrid "
    "Jakub Joaquín Kaito Kalina Kwame Lea Linh Łucja Mads Maëlle Mateo Mei Milan Nadia Naoko Niamh Noor Oskar Paloma "
    "Priya Quentin Rania René Rohan Saoirse Selin Søren Talia Tariq Uma Valentina Wanjiru Xochitl Yara Yuki Zofia"
)
_LAST = (
    "Abara Achterberg Adeyemi Aguirre Bergström Bianchetti Çelikkan Castellane Dąbrek Delacourt Ekwueme Falkenrath "
    "Fjeldsø Garrido Haldorsen Hashimura Ibarrola Iyerson Jagodin Kanedo Karimzad Keliher Lindqvarn Macaluso Mbeki-Ross "
    "Moreauville Nakashiro Nguyenthi Oduyale Okonjor Pellegrino Petrovar Quintanar Rahmanov Rosenvinge Sakurato Santorel "
    "Schönwald Sørbakken Tanakara Thornebury Ulloa Vasquenza Verhaegen Wachira Weissbrodt Yilmazer Zamorán Zieliński"
)
_COINED = (
    "Alder Amber Arden Aspen Bramble Brine Calder Cedar Cinder Copper Dapple Ember Fallow Fern Flint Garnet Gorse Harrow "
    "Hazel Heather Indigo Juniper Kestrel Lantern Larch Linden Marble Meadow Nettle Oriole Pebble Quarry Quill Rowan "
    "Saffron Sorrel Tamarin Thistle Umber Willow"
)
_ENDING = "bay brook cliff croft dale fen ford gate grove holm lea mere moor nook ridge shaw stead thorpe vale wick"
_FIRST_NAMES, _LAST_NAMES, _BEGINNINGS, _ENDINGS = _FIRST.split(), _LAST.split(), _COINED.split(), _ENDING.split()

# Kind of company: how its name ends, its industry, what it may use.
_COMPANIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Creative", "Marketing Agency", ("HubSpot", "Mailchimp", "Google Analytics")),
    ("Talent", "Staffing and Recruiting", ("Salesforce", "Outreach", "Calendly")),
    ("Advisors", "Management Consulting", ("HubSpot", "ZoomInfo")),
    ("Software", "Computer Software", ("Salesforce", "Gong", "Marketo")),
    ("Cloud", "Information Technology and Services", ("HubSpot", "Salesloft")),
    ("Realty", "Real Estate", ("Zoho CRM", "Mailchimp")),
    ("Health", "Hospital & Health Care", ("Salesforce", "Pardot")),
    ("Capital", "Financial Services", ("Salesforce", "Outreach", "HubSpot Marketing")),
    ("Market", "E-commerce", ("Klaviyo", "HubSpot", "Google Ads")),
)
_TITLES = (
    "Founder & CEO",
    "Chief Executive Officer",
    "President",
    "Managing Partner",
    "Chief Revenue Officer",
    "VP of Sales",
    "Vice President, Marketing",
    "Head of Revenue Operations",
    "Chief Operating Officer",
    "Director of Sales Operations",
    "Senior Director of Growth",
)
_COUNTRIES = ("United States", "Germany", "France", "United Kingdom", "Netherlands", "Spain", "Denmark", "Canada")
_SIZES = (58, 74, 96, 120, 145, 180, 210, 260, 310, 365, 420, 480)
_HIRING = ("Account Executive", "Revenue Operations Manager", "Sales Development Representative", "Head of Sales")


def origin(source: str) -> Origin:
    """Where the invented rows of a source say they come from; `row` is set for each.

    Raises:
        BadInput: there is no such source.
    """
    if source not in SOURCE_KINDS:
        raise BadInput(
            f"There is no source `{source}`.", f"Sources: {', '.join(sorted(SOURCE_KINDS))}.", field="source"
        )
    return Origin(source=source, kind=SOURCE_KINDS[source], row=0, basis=BASIS)


def generate(source: str, count: int, seed: int) -> list[dict[str, str]]:
    """So many rows, as texts by field name; the one at a place depends on source and seed alone.

    Raises:
        BadInput: there is no such source, or it was asked for fewer than one or more than `COUNT_MAX` rows.
    """
    origin(source)
    if not 1 <= count <= COUNT_MAX:
        raise BadInput(f"A synthetic source gives 1 to {COUNT_MAX:,} leads, not {count:,}.", "Change `--limit`.")
    return [_row(source, seed, place) for place in range(count)]


def candidates(source: str, rows: Sequence[int], seed: int, identity_key: bytes) -> list[Candidate]:
    """The rows of these numbers (from 1) as leads that could be.

    Raises:
        BadInput: there is no such source.
    """
    origin(source)
    made = [candidate_of(row, _row(source, seed, row - 1), identity_key) for row in rows]
    return [one for one in made if isinstance(one, Candidate)]


def _row(source: str, seed: int, place: int) -> dict[str, str]:
    # A text as seed gives the same numbers in every process.
    chance = random.Random(f"{source}:{seed}:{place}")
    start = random.Random(f"{source}:{seed}").randrange(1 << 30)
    kinds = len(_COMPANIES)
    word, industry, tools = _COMPANIES[(start + place) % kinds]
    # Neighbouring places never share a company: the names are counted through, from a place that the seed gives.
    at = (start + place * 7) % (len(_BEGINNINGS) * len(_ENDINGS))
    name = f"{_BEGINNINGS[at % len(_BEGINNINGS)]}{_ENDINGS[at // len(_BEGINNINGS)]} {word}"
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    domain = f"{_ascii(name).replace(' ', '-')}.example"
    row = {
        "first_name": first,
        "last_name": last,
        "email": f"{_ascii(first)}.{_ascii(last)}@{domain}",
        "title": _TITLES[(start + place * 3) % len(_TITLES)],
        "company": name,
        "domain": domain,
        "industry": industry,
        "employees": str(chance.choice(_SIZES)),
        "technologies": ", ".join(tools),
        "revenue_usd": str(chance.randrange(4, 60) * 1_000_000),
        "country": chance.choice(_COUNTRIES),
    }
    if place % 3 == 0:
        row["hiring"] = chance.choice(_HIRING)
    return row


def _ascii(text: str) -> str:
    """The letters of an address: accents dropped, what has no plain letter spelt out."""
    spelt = text.casefold().translate({0xF8: "o", 0x142: "l", 0xE6: "ae", 0xF0: "d", 0xFE: "th", 0x131: "i"})
    letters = unicodedata.normalize("NFKD", spelt)
    return "".join(char for char in letters if char.isascii() and (char.isalnum() or char in " -"))
