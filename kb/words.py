"""The words that the code itself says to readers, in the site's language, by standard gettext.

What pages say is translated by Sphinx, page by page. Messages of the checks stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations


class _Words:
    catalogue = NullTranslations()


def use(catalogue: NullTranslations) -> None:
    """Say everything from now on as this catalogue has it."""
    _Words.catalogue = catalogue


@contextmanager
def untranslated() -> Iterator[None]:
    """As they are meanwhile: for text that is translated later, as a whole."""
    before = _Words.catalogue
    use(NullTranslations())
    yield
    use(before)


def _(message: str) -> str:
    """The message in the site's language; as it is where the catalogue has none."""
    return _Words.catalogue.gettext(message)


def plain(name: str) -> str:
    """A value of a record's field as readers see it: ``payment-system`` is "payment system"."""
    return _(name).replace("-", " ")
