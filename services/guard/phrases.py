"""The words the guard looks for, by language, in normal form: lower case, no punctuation, one space around each word."""

import re
from typing import NamedTuple

from services.guard.text import normal


def _whole(*phrases: str) -> tuple[str, ...]:
    """With a space at each end, as they are found in a text in normal form."""
    return tuple(map(normal, phrases))


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Whether one of them is there: half the time of asking for each, and nearly always the answer is no."""
    return re.compile("|".join(phrases))


BANNED_OPENERS = _whole(
    "given your role as",
    "i noticed you re",
    "i noticed you are",
    "i hope this finds you",
    "i hope this email finds you",
    "i wanted to reach out",
    "i m reaching out",
    "i am reaching out",
    "quick question",
    "i saw you re",
    "i saw you are",
    "just wanted to",
)
"""First sentences that thousands have received before. Source: the seed's list, with the spellings people use."""

AS_A_X_AT = re.compile(r" as (?:a|an|the) (?:\w+ ){1,6}at ")
"""`As a VP Sales at Acme`."""

GENERIC = _whole(
    "in today s fast paced",
    "take your business to the next level",
    "to the next level",
    "game changer",
    "game changing",
    "cutting edge",
    "best in class",
    "world class",
    "one stop shop",
    "unlock the full potential",
    "unlock your potential",
    "drive growth",
    "move the needle",
    "low hanging fruit",
    "seamless integration",
    "streamline your operations",
    "digital transformation journey",
    "stay ahead of the curve",
    "leverage synergies",
)
"""Nineteen phrases that could stand in any mail to anybody."""

GENERIC_SHARE_MAX = 0.4

SPAM = _whole(
    "act now",
    "limited time",
    "risk free",
    "no obligation",
    "click here",
    "buy now",
    "order now",
    "you ve won",
    "you have won",
    "free trial",
    "free gift",
    "for free",
    "100 free",
    "special promotion",
    "once in a lifetime",
    "lowest price",
    "best price",
    "money back",
    "guaranteed",
    "double your",
    "don t miss",
    "last chance",
    "make money",
    "extra income",
    "earn cash",
)
"""What mail filters and readers both stop at."""

PROMISES = _whole("guarantee", "guarantees", "guaranteed", "the best", "the only", "number one", "no 1")
"""Words that promise in a subject what nobody can keep."""

URGENT = _whole("urgent")


class Phrases(NamedTuple):
    """What one language is searched for; `role_at` is the opener that every mail merge writes."""

    banned_openers: tuple[str, ...]
    role_at: re.Pattern[str]
    generic: tuple[str, ...]
    any_generic: re.Pattern[str]
    spam: tuple[str, ...]
    any_spam: re.Pattern[str]
    promises: tuple[str, ...]
    urgent: tuple[str, ...]


def _phrases(
    openers: tuple[str, ...],
    role_at: re.Pattern[str],
    generic: tuple[str, ...],
    spam: tuple[str, ...],
    promises: tuple[str, ...],
    urgent: tuple[str, ...],
) -> Phrases:
    return Phrases(openers, role_at, generic, _any_of(generic), spam, _any_of(spam), promises, urgent)


ENGLISH = _phrases(BANNED_OPENERS, AS_A_X_AT, GENERIC, SPAM, PROMISES, URGENT)


def _beside_english(
    openers: tuple[str, ...],
    role_at: str,
    generic: tuple[str, ...],
    spam: tuple[str, ...],
    promises: tuple[str, ...],
    urgent: tuple[str, ...],
) -> Phrases:
    """The words of a language, and the English ones: people mix them, and filters know both."""
    return _phrases(
        (*_whole(*openers), *ENGLISH.banned_openers),
        re.compile(role_at),
        (*_whole(*generic), *ENGLISH.generic),
        (*_whole(*spam), *ENGLISH.spam),
        (*_whole(*promises), *ENGLISH.promises),
        (*_whole(*urgent), *ENGLISH.urgent),
    )


GERMAN = _beside_english(
    openers=(
        "ich hoffe, diese E-Mail erreicht Sie",
        "ich hoffe, diese Nachricht erreicht Sie",
        "ich hoffe, es geht Ihnen gut",
        "ich hoffe, Ihnen geht es gut",
        "mein Name ist",
        "darf ich mich kurz vorstellen",
        "ich wollte mich kurz",
        "ich melde mich",
        "kurze Frage",
        "ich bin auf Ihr Profil",
        "ich bin auf Sie aufmerksam",
        "ich habe gesehen, dass Sie",
        "mir ist aufgefallen, dass Sie",
        "in Ihrer Funktion als",
        "in Ihrer Rolle als",
    ),
    role_at=r"^ als (?:\w+ ){1,6}bei ",
    generic=(
        "in der heutigen schnelllebigen",
        "auf das nächste Level",
        "aufs nächste Level",
        "auf die nächste Stufe",
        "Gamechanger",
        "maßgeschneiderte Lösung",
        "maßgeschneiderte Lösungen",
        "ganzheitlicher Ansatz",
        "ganzheitliche Lösung",
        "ganzheitliche Lösungen",
        "innovative Lösungen",
        "alles aus einer Hand",
        "digitale Transformation",
        "digitalen Transformation",
        "Ihr volles Potenzial",
        "echten Mehrwert",
        "Synergien nutzen",
        "nahtlose Integration",
        "am Puls der Zeit",
    ),
    spam=(
        "jetzt handeln",
        "nur heute",
        "nur noch heute",
        "zeitlich begrenzt",
        "begrenztes Angebot",
        "risikofrei",
        "ohne Risiko",
        "völlig kostenlos",
        "100 kostenlos",
        "kostenlos testen",
        "gratis",
        "jetzt kaufen",
        "jetzt bestellen",
        "hier klicken",
        "klicken Sie hier",
        "Sie haben gewonnen",
        "einmalige Chance",
        "einmalige Gelegenheit",
        "letzte Chance",
        "Bestpreis",
        "bester Preis",
        "niedrigster Preis",
        "Geld zurück",
        "garantiert",
        "Sonderangebot",
        "Sonderaktion",
        "verdoppeln Sie",
        "schnelles Geld",
        "nicht verpassen",
    ),
    promises=(
        "Garantie",
        "garantiert",
        "garantieren",
        "der Beste",
        "die Beste",
        "das Beste",
        "die Besten",
        "der Einzige",
        "die Einzige",
        "das Einzige",
        "Nummer eins",
        "Nr. 1",
    ),
    urgent=("dringend", "eilt", "eilig"),
)

FRENCH = _beside_english(
    openers=(
        "j’espère que ce message vous trouve",
        "j’espère que ce mail vous trouve",
        "j’espère que vous allez bien",
        "je me permets de vous contacter",
        "je me permets de vous écrire",
        "je me permets de revenir",
        "je vous contacte",
        "je souhaitais vous contacter",
        "permettez-moi de me présenter",
        "je m’appelle",
        "petite question",
        "question rapide",
        "j’ai vu que vous",
        "j’ai remarqué que vous",
        "je suis tombé sur votre profil",
        "je suis tombée sur votre profil",
        "en votre qualité de",
        "dans le cadre de vos fonctions",
    ),
    role_at=r" en tant que (?:\w+ ){1,6}chez ",
    generic=(
        "dans un monde en constante évolution",
        "passer au niveau supérieur",
        "au niveau supérieur",
        "à la pointe",
        "clé en main",
        "clés en main",
        "leader du marché",
        "transformation digitale",
        "transformation numérique",
        "libérer le potentiel",
        "tout votre potentiel",
        "créer de la valeur",
        "booster votre",
        "booster vos",
        "solution innovante",
        "solutions innovantes",
        "une longueur d’avance",
        "en toute sérénité",
        "accompagnement personnalisé",
    ),
    spam=(
        "agissez maintenant",
        "offre limitée",
        "durée limitée",
        "sans risque",
        "sans engagement",
        "cliquez ici",
        "achetez maintenant",
        "commandez maintenant",
        "vous avez gagné",
        "gratuit",
        "gratuite",
        "gratuitement",
        "promotion exceptionnelle",
        "offre spéciale",
        "offre exceptionnelle",
        "meilleur prix",
        "prix le plus bas",
        "satisfait ou remboursé",
        "garanti",
        "garantis",
        "doublez votre",
        "doublez vos",
        "ne manquez pas",
        "dernière chance",
        "gagnez de l’argent",
    ),
    promises=(
        "garantie",
        "garanti",
        "garantis",
        "garantit",
        "le meilleur",
        "la meilleure",
        "les meilleurs",
        "le seul",
        "la seule",
        "numéro un",
        "n° 1",
    ),
    urgent=("urgence",),
)

LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}
"""What a text is searched for; one in a language that is not here cannot be judged."""
