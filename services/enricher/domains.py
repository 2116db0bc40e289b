"""The domain a company owns, and the mail domains that say nothing of a company."""

from functools import lru_cache

from tldextract import TLDExtract

_FREE_MAIL = """
    126.com 163.com aim.com aol.com bluewin.ch btinternet.com comcast.net email.com fastmail.com free.fr freenet.de
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de
    hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.com inbox.lv interia.pl laposte.net libero.it
    live.co.uk live.com live.de live.fr live.nl mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com o2.pl
    online.de orange.fr outlook.com outlook.de outlook.es outlook.fr pm.me posteo.de posteo.net proton.me
    protonmail.com qq.com rediffmail.com rocketmail.com seznam.cz sfr.fr sky.com t-online.de telenet.be tuta.com
    tutanota.com verizon.net virgilio.it wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk
    yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com
    """
FREE_MAIL = frozenset(_FREE_MAIL.split())
"""Mail domains at which anybody can have an address."""

# Without an address list it uses the suffix list it ships with and never goes to the network.
_extract = TLDExtract(suffix_list_urls=())


@lru_cache(maxsize=16_384)
def registered_domain(host: str) -> str:
    """The part of a host that its owner registered: `acme.co.uk` for `shop.acme.co.uk`; empty where there is none.

    A reserved ending such as `.example` is on no list of suffixes; there the last two labels are the company's.
    """
    if not host:
        return ""
    found = _extract(host)
    if found.suffix:
        return found.top_domain_under_public_suffix
    return ".".join(host.split(".")[-2:])


def is_free_mail(domain: str) -> bool:
    """Whether an address at this domain says nothing of its owner's company."""
    return domain in FREE_MAIL
