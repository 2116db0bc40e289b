"""Which column names mean which of our fields, and by which columns the well-known exports show.

Source: the headers in providers/linkedin-and-csv.md; the German, French and Spanish ones are those of the same exports
in these languages, and common words. A new alias is one more word here; nothing else changes.
"""

from services.reading.sheet import Preset

_WORDS: dict[str, str] = {
    # In the form of `columns.plain`: lower case, no accents, separators as single blanks. Earlier wins.
    "email": (
        "work email;business email;email;email address;e mail;e mail address;mail;work e mail;corporate email;"
        "primary email;contact email;e mail adresse;email adresse;mailadresse;adresse email;adresse e mail;"
        "adresse mail;courriel;correo electronico;correo;direccion de correo;adresse electronique"
    ),
    "full_name": (
        "full name;name;contact name;person name;lead name;contact;vollstandiger name;ansprechpartner;nom complet;"
        "nombre completo;kontakt"
    ),
    "first_name": "first name;firstname;given name;forename;vorname;prenom;nombre;nombre de pila",
    "last_name": "last name;lastname;surname;family name;nachname;familienname;nom;nom de famille;apellido;apellidos",
    "phone": (
        "work direct phone;first phone;phone number;phone;mobile phone;mobile;direct phone;corporate phone;telefon;"
        "telefonnummer;mobiltelefon;telephone;numero de telephone;telefono;movil"
    ),
    "linkedin_url": (
        "person linkedin url;linkedin url;linkedin profile url;linkedin profile;linkedin;profile url;"
        "sales navigator url;url;linkedin link;linkedin profil;profil linkedin;perfil de linkedin"
    ),
    "city": "city;stadt;ort;ville;ciudad",
    "title": (
        "title;job title;position;jobtitle;role;job role;headline;berufsbezeichnung;positionsbezeichnung;funktion;"
        "titre;poste;intitule du poste;fonction;cargo;puesto;titulo"
    ),
    # The natural name first: Apollo's "Company Name for Emails" is how people call the company, not a person's name.
    "company": (
        "company name for emails;company name;company;account name;organization;organisation;organization name;"
        "associated company;current company;employer;account;firma;firmenname;unternehmen;unternehmensname;"
        "entreprise;nom de l entreprise;societe;empresa;nombre de la empresa;compania"
    ),
    "domain": (
        "company domain;domain;company domain name;website;company website;website url;company website url;web site;"
        "company url;homepage;webseite;internetseite;site web;site internet;sitio web;pagina web;dominio;domaine"
    ),
    "industry": "industry;company industry;sector;branche;industrie;secteur;secteur d activite;sector industrial",
    "employees": (
        "# employees;employees;number of employees;employee count;company size;company headcount;headcount;size;"
        "no of employees;num employees;mitarbeiter;mitarbeiterzahl;anzahl mitarbeiter;unternehmensgrosse;effectif;"
        "nombre d employes;taille de l entreprise;empleados;numero de empleados;tamano de la empresa"
    ),
    "technologies": "technologies;technology;tech stack;technology stack;tools;technologien;outils;tecnologias",
    "revenue_usd": "annual revenue;revenue usd;revenue;company revenue;umsatz;jahresumsatz;chiffre d affaires;ingresos",
    "country": "country;country region;company country;land;land region;pays;pays region;pais;pais region",
    "visits": "visits;website visits;number of visits;number of sessions;page views;besuche;visites;visitas",
    "downloads": "downloads;content downloads;number of downloads;telechargements;descargas",
    "pricing_visits": "pricing visits;pricing page visits;pricing page views",
    "demo_requested": "demo requested;requested demo;demo request;demo angefragt;demo demandee;demo solicitada",
    "hiring": "hiring;open roles;open positions;job openings;offene stellen;recrutement;vacantes",
    "funding": "latest funding;funding;last funding round;funding stage;finanzierung;financement;financiacion",
    "email_status": "email status;email verification status;email validity;e mail status;statut email",
}
ALIASES: dict[str, tuple[str, ...]] = {field: tuple(words.split(";")) for field, words in _WORDS.items()}
FIELDS = tuple(ALIASES)

PRESETS: tuple[tuple[Preset, frozenset[str]], ...] = (
    # Any one of these columns names the export; the first row that fits is taken.
    ("apollo", frozenset({"company name for emails", "# employees", "person linkedin url", "apollo contact id"})),
    ("linkedin_connections", frozenset({"connected on"})),
    ("lead_gen", frozenset({"form name", "submitted at", "lead gen form id"})),
    ("sales_navigator", frozenset({"sales navigator url"})),
    ("hubspot", frozenset({"record id", "lifecycle stage", "associated company", "associated company ids"})),
)
