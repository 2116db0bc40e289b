"""The vocabulary of job titles, folded as `phrases.fold` does it: English, French, German, Spanish and a little more."""

from typing import Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["c_suite", "vp", "director", "manager", "other"]
Function: TypeAlias = Literal[
    "general",
    "founding",
    "sales",
    "revenue_operations",
    "customer_success",
    "marketing",
    "operations",
    "technology",
    "product",
    "finance",
    "people",
    "legal",
]

LEVELS: tuple[Level, ...] = ("c_suite", "vp", "director", "manager", "other")
"""From the top down."""


class Role(NamedTuple):
    """A word that makes somebody something. Without a function of its own it takes the one of the words around it."""

    level: Level
    function: Function | None = None


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _roles(level: Level, function: Function | None, names: str) -> dict[str, Role]:
    return {name.strip(): Role(level, function) for name in names.split(",")}


ROLES: dict[str, Role] = {
    **_roles("c_suite", "founding", "founder, cofounder, founding partner, fondateur, fondatrice, cofondateur"),
    **_roles("c_suite", "founding", "cofondatrice, grunder, grunderin, gruender, gruenderin, mitgrunder"),
    **_roles("c_suite", "founding", "mitgruender, fundador, fundadora, cofundador, cofundadora, fondatore, oprichter"),
    **_roles("c_suite", "general", "ceo, chief executive, owner, coowner, proprietor, managing partner"),
    **_roles("c_suite", "general", "managing member, pdg, dg, president directeur general, directeur general"),
    **_roles("c_suite", "general", "directrice generale, proprietaire, inhaber, inhaberin, mitinhaber, eigentumer"),
    **_roles("c_suite", "general", "eigentuemer, vorstandsvorsitzender, vorstandsvorsitzende, director general"),
    **_roles("c_suite", "general", "directora general, consejero delegado, consejera delegada, dueno, duena"),
    **_roles("c_suite", "general", "propietario, propietaria, amministratore delegato, titolare, direttore generale"),
    **_roles("c_suite", "general", "eigenaar, diretor geral"),
    **_roles("c_suite", "operations", "coo"),
    **_roles("c_suite", None, "president, presidente, presidenta"),
    **_roles("vp", None, "vp, svp, evp, gvp, rvp, vice president, vice presidente, vicepresident, vicepresidente"),
    **_roles("vp", None, "vicepresidenta, managing director, geschaftsfuhrer, geschaftsfuhrerin, geschaeftsfuehrer"),
    **_roles("vp", None, "geschaeftsfuehrerin, gerant, gerante, gerente general, vorstand, leiter, leiterin, hoofd"),
    **_roles("vp", "general", "chief of staff, cxo, cso, cpo, cco, cdo, cao, cbo, cvo"),
    **_roles("vp", "general", "general partner, senior partner, equity partner"),
    **_roles("vp", "sales", "cro, vertriebsleiter, vertriebsleiterin, verkaufsleiter, verkaufsleiterin"),
    **_roles("vp", "marketing", "cmo, cgo, marketingleiter, marketingleiterin"),
    **_roles("vp", "technology", "cto, cio, ciso, cpto, entwicklungsleiter, entwicklungsleiterin"),
    **_roles("vp", "finance", "cfo, finanzleiter, finanzleiterin"),
    **_roles("vp", "people", "chro, personalleiter, personalleiterin"),
    **_roles("vp", "legal", "clo"),
    **_roles("vp", "operations", "betriebsleiter, betriebsleiterin"),
    **_roles("director", None, "director, dir, avp, directeur, directrice, direktor, direktorin, directora, direttore"),
    **_roles("director", None, "direttrice, diretor, diretora, bereichsleiter, bereichsleiterin, abteilungsleiter"),
    **_roles("director", None, "abteilungsleiterin, prokurist, prokuristin"),
    **_roles("director", "finance", "daf"),
    **_roles("director", "people", "drh"),
    **_roles("director", "technology", "dsi"),
    **_roles("manager", None, "manager, mgr, lead, leader, principal, supervisor, teamlead, teamleiter, teamleiterin"),
    **_roles("manager", None, "gerente, jefe, jefa, responsable, responsabile, projektleiter, projektleiterin, chief"),
    **_roles("manager", None, "chef de projet, chef de produit, chef de service, chef des ventes"),
    # A seat on a board is not a job in the company.
    **_roles("other", "general", "non executive director, independent director, board director, board member"),
}
"""Whole words and phrases. `head`, `partner` and `chief … officer` depend on their neighbours: see the parser."""

NOT_ROLES = frozenset(
    {"lead generation", "lead gen", "lead qualification", "lead management", "lead nurturing", "lead conversion"}
)
"""Phrases in which a role's word is the name of something else."""

THINGS_OWNED = _words(
    "product process data system systems service platform application app risk control content feature solution epic "
    "asset agile backlog tool project program api capability journey scrum release requirements"
)
"""A `product owner` owns no company."""

DEPENDENTS = _words(
    "assistant assistante asistente assistenz assistentin intern trainee apprentice student werkstudent "
    "werkstudentin stagiaire alternant praktikant praktikantin azubi becario becaria aide"
)
"""Whoever is one of these is nothing else in the same title: the rest says for whom."""

CLERKS = _words(
    "coordinator coordinateur coordinatrice coordinador coordinadora koordinator koordinatorin office administrator "
    "associate representative rep agent clerk receptionist liaison officer executive secretary candidate"
)
PROFESSIONS = _words(
    "engineer developer designer consultant architect scientist analyst researcher strategist writer editor recruiter "
    "accountant attorney specialist technician advisor adviser programmer economist evangelist nurse teacher "
    "trainer coach mentor speaker buyer planner planer berater entwickler"
)
"""After a role's word they are what the person is: a `CEO advisor` is no CEO. A `lead engineer` still leads."""

LEADING = frozenset({"lead", "principal", "chief"})
DEPUTIES = _words("assistant deputy adjoint adjointe vice stellvertretender stellvertretende stellv vize")
"""One level below what follows."""
DEPUTIES_AFTER = _words("adjoint adjointe adjunto adjunta")
"""One level below what goes before."""

NO_LONGER = _words(
    "former formerly ex past retired fmr previous previously emeritus ehemaliger ehemalige ehemals ehem ancien "
    "ancienne aspiring future prior"
)

OF = _words("of for in de des du del della di da do der von fur fuer van d l")
AND = frozenset({"and", "und", "et", "y", "e"})
ENDS = frozenset({"to", "at", "bei", "chez"})
"""What follows names somebody else or a company."""

FUNCTIONS: tuple[tuple[Function, frozenset[str]], ...] = (
    (
        "sales",
        _words("sales revenue vente ventes vertrieb vertriebs ventas vendite verkauf bizdev gtm account"),
    ),
    ("marketing", _words("marketing brand demand advertising seo communications communication pr")),
    (
        "finance",
        _words(
            "finance financial finances finanzen financier financiere financiero finanzas accounting treasury treasurer "
            "tax audit controller controlling fpa accountant billing"
        ),
    ),
    (
        "people",
        _words("people hr human humaines humanos talent recruiting recruitment recruiter personnel culture rh"),
    ),
    ("legal", _words("legal counsel compliance attorney juridique juridico recht")),
    ("product", _words("product produit produkt producto")),
    (
        "technology",
        _words(
            "technology technical engineering engineer it software information security cyber data digital "
            "infrastructure cloud systems devops ai analytics architecture architect developer technique technik "
            "technischer technische edv informatique informatik tecnologia sistemas entwicklung scientist technologist"
        ),
    ),
    # Words that mean this only where nothing plainer stands beside them.
    ("sales", _words("commercial comercial commerciale kommerziell partnerships alliances channel")),
    ("marketing", _words("growth content media creative")),
    ("customer_success", _words("customer customers client clients success kunden")),
    (
        "operations",
        _words(
            "operations operating ops operaciones operation betrieb betriebs supply logistics procurement purchasing "
            "manufacturing production plant project program delivery facilities quality support service einkauf"
        ),
    ),
)
"""Plainest first: the first line with one of the title's words decides."""

FUNCTION_WORDS = frozenset().union(*(names for _, names in FUNCTIONS))
REVENUE_OPERATIONS = (frozenset({"revops"}), frozenset({"sales", "revenue"}), frozenset({"operations", "ops"}))
