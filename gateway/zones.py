"""In which time zone somebody probably is, told from the country and city of their row. A guess, and none where unsure."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("zones.tsv")
OTHER_NAMES = {
    "czechia": "czech republic",
    "deutschland": "germany",
    "england": "britain (uk)",
    "great britain": "britain (uk)",
    "holland": "netherlands",
    "northern ireland": "britain (uk)",
    "republic of ireland": "ireland",
    "scotland": "britain (uk)",
    "south korea": "korea (south)",
    "the netherlands": "netherlands",
    "turkiye": "turkey",
    "uae": "united arab emirates",
    "uk": "britain (uk)",
    "united kingdom": "britain (uk)",
    "united states of america": "united states",
    "usa": "united states",
    "wales": "britain (uk)",
}
"""What people call countries that the table calls otherwise."""
ALSO_ELSEWHERE = frozenset({"georgia"})
"""Names that mean a part of another country as well; a city has to tell which."""
LARGE_CITIES: Mapping[str, Mapping[str, str]] = {
    "AU": {"canberra": "Australia/Sydney", "gold coast": "Australia/Brisbane"},
    "BR": {"brasilia": "America/Sao_Paulo", "curitiba": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo"},
    "CA": {"calgary": "America/Edmonton", "montreal": "America/Toronto", "ottawa": "America/Toronto"},
    "CN": {"beijing": "Asia/Shanghai", "guangzhou": "Asia/Shanghai", "shenzhen": "Asia/Shanghai"},
    "ES": {
        "barcelona": "Europe/Madrid",
        "bilbao": "Europe/Madrid",
        "malaga": "Europe/Madrid",
        "seville": "Europe/Madrid",
        "valencia": "Europe/Madrid",
    },
    "PT": {"braga": "Europe/Lisbon", "porto": "Europe/Lisbon"},
    "US": {
        "atlanta": "America/New_York",
        "austin": "America/Chicago",
        "baltimore": "America/New_York",
        "boston": "America/New_York",
        "cleveland": "America/New_York",
        "dallas": "America/Chicago",
        "houston": "America/Chicago",
        "indianapolis": "America/Indiana/Indianapolis",
        "las vegas": "America/Los_Angeles",
        "louisville": "America/Kentucky/Louisville",
        "miami": "America/New_York",
        "milwaukee": "America/Chicago",
        "minneapolis": "America/Chicago",
        "new orleans": "America/Chicago",
        "new york city": "America/New_York",
        "philadelphia": "America/New_York",
        "pittsburgh": "America/New_York",
        "sacramento": "America/Los_Angeles",
        "salt lake city": "America/Denver",
        "san antonio": "America/Chicago",
        "san diego": "America/Los_Angeles",
        "san francisco": "America/Los_Angeles",
        "san jose": "America/Los_Angeles",
        "seattle": "America/Los_Angeles",
        "tampa": "America/New_York",
        "washington dc": "America/New_York",
    },
}
"""By country with several clocks, cities that no zone is named after and of whose name there is no other of their size."""


class Country(NamedTuple):
    """A country: the zone of all of it, empty where its clocks differ, and zones by city."""

    zone: str
    cities: Mapping[str, str]


def zone_of(location: str, city: str = "") -> str:
    """The zone of a place.

    Args:
        location: a country by its name or, alone, by its code; or a text that ends with its name: `Oslo, Norway`.
        city: where it is known by itself.

    Returns:
        An IANA name. Empty where the place is unknown, and where the country has several clocks and the city does not
        tell; without a country only a city whose name one zone has.
    """
    *before, last = [_plain(part) for part in location.split(",")]
    cities = [one for one in (_plain(city), *before) if one]
    if not last or (not cities and last not in _countries()):
        return _only(last or _plain(city)) if not before else ""
    country = _countries().get(last)
    if country is None or (before and len(last) == 2):
        # `Wilmington, DE` is not in Germany.
        return ""
    named = next((country.cities[one] for one in cities if one in country.cities), "")
    return named or ("" if last in ALSO_ELSEWHERE else country.zone)


def _only(city: str) -> str:
    """The zone of a city that only one country has."""
    found = {country.cities[city] for country in _countries().values() if city in country.cities}
    return found.pop() if len(found) == 1 else ""


@cache
def _countries() -> Mapping[str, Country]:
    """By name, other name and code."""
    found: dict[str, Country] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name, clocks, zones = line.split("\t")
        # A third part tells towns of Indiana from each other, and there are more of each name.
        cities = {_plain(zone.rpartition("/")[2]): zone for zone in zones.split() if zone.count("/") == 1}
        zone = zones.split()[0] if not clocks else ""
        found[_plain(name)] = found[code.casefold()] = Country(zone, {**cities, **LARGE_CITIES.get(code, {})})
    return found | {other: found[name] for other, name in OTHER_NAMES.items()}


def _plain(text: str) -> str:
    """Without case, accents, dots and apostrophes."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(bare.casefold().translate(_DROPPED).split())


_DROPPED = str.maketrans({".": None, "'": None, "’": None, "_": " ", "-": " "})
