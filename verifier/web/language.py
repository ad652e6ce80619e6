"""The one place through which every sentence on a page goes, and what language it is in."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from verifier.core.sentence import Sentence

_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_ONLY = re.compile(r"[\u0629\u0643\u0649\u064a]")  # ة ك ى ي: Urdu is written with other letters for them

_WHOLE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2,4}-[0-9A-Z]{2,4}( \d\d:\d\d UTC)?")


def register(app: Flask) -> None:
    """Give templates `_`, `say`, `plain`, `script_language`, `page_language` and `page_direction`."""
    app.jinja_env.globals.update(
        _=translate,
        say=say,
        plain=plain,
        script_language=script_language,
        page_language=page_language,
        page_direction=page_direction,
    )


def gettext(text: str) -> str:
    """The text in the page's language; English is the only one so far."""
    return text


def translate(text: str, facts: Mapping[str, Any] | None = None) -> Markup:
    """A sentence for a page: translated, escaped, each fact isolated from the writing direction around it."""
    isolated = {name: _isolated(fact) for name, fact in (facts or {}).items()}
    return escape(gettext(text)).format(**isolated)


def _isolated(fact: object) -> Markup:
    if isinstance(fact, Sentence):
        return say(fact)
    text = str(fact)
    # A date or a code is read in one piece, never broken at its hyphens.
    whole = " class=whole" if _WHOLE.fullmatch(text) else ""
    return Markup("<bdi{}>{}</bdi>").format(Markup(whole), text)


def say(sentence: Sentence) -> Markup:
    """`translate` for a sentence that carries its facts."""
    return translate(sentence.text, sentence.facts)


def plain(sentence: Sentence) -> str:
    """A sentence without markup, for titles and attributes."""
    facts = {name: plain(fact) if isinstance(fact, Sentence) else fact for name, fact in sentence.facts.items()}
    return gettext(sentence.text).format(**facts)


def script_language(text: str) -> str | None:
    """`ur` or `ar` for text in Arabic script, so that it gets a fitting font; None for any other."""
    if not _ARABIC_SCRIPT.search(text):
        return None
    return "ar" if _ARABIC_ONLY.search(text) else "ur"


def page_language() -> str:
    """The language of the page, as `lang` wants it."""
    return "en"


def page_direction() -> str:
    """`ltr`, or `rtl` for Urdu."""
    return "ltr"
