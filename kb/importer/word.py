"""Word files become HTML (mammoth: what was put in stays, what was taken out and remarks go), then an article."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import mammoth

from kb.importer import dates, html
from kb.importer.article import Article, Refused

MAX_UNPACKED = 60_000_000
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='title'] => h1:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
"""
_CORE = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"


def read(data: bytes, path: str = "") -> Article:
    """The article of a .docx file. Raises :class:`Refused` for files that are damaged or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > MAX_UNPACKED:
                message = f"it unpacks to {size // 1_000_000} MB, which is too large"
                raise Refused(
                    "import-size", message, f"{MAX_UNPACKED // 1_000_000} MB is the most; save the text alone"
                )
            core = archive.read("docProps/core.xml") if "docProps/core.xml" in archive.namelist() else b""
            if "word/document.xml" not in archive.namelist():
                raise Refused("import-damaged", "it is no Word document", "save it as .docx again")
        made = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(lambda _: {})
        )
    except Refused:
        raise
    except Exception as error:  # whatever a damaged archive makes the reader raise
        raise Refused(
            "import-damaged", f"the Word file is damaged ({type(error).__name__})", "save it as .docx again"
        ) from None
    article = html.read(f"<html><body><article>{made.value}</article></body></html>", path)
    _core(article, core)
    return article


def _core(article: Article, xml: bytes) -> None:
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return
    terms, dated = _CORE
    article.title = article.title or (root.findtext(f"{terms}title") or "").strip()
    article.author = article.author or (root.findtext(f"{terms}creator") or "").strip()
    article.published = article.published or dates.parse(root.findtext(f"{dated}created") or "")
