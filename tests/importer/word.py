"""Word files made from a little Markdown: headings, tables, running lines, tracked changes and a comment."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

BOMB = 256  # megabytes that the hostile file unpacks to
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns:w="{W}" xmlns:r="{OFFICE}"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "document": "document.main",
    "styles": "styles",
    "header1": "header",
    "footer1": "footer",
    "comments": "comments",
}
STYLES = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2"}
SIZES = {"Title": 36, "Heading1": 28, "Heading2": 26}  # half points, for headings that are only bold
CHANGE = re.compile(r"\[([-+!])(.*?)\1\]")  # [-taken out-] [+put in+] [!comment!]


def document(text: str, truth: dict[str, Any]) -> bytes:
    """A Word file; with the form `docx-bold` its headings have no style."""
    header, footer = [*truth.get("running", ()), "", ""][:2]
    comment = next((match[2] for match in CHANGE.finditer(text) if match[1] == "!"), "")
    body = "".join(block(lines, truth.get("form") == "docx-bold") for lines in text.strip().split("\n\n"))
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    styles = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    for key, name in STYLES.items():
        styles += f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    parts = {
        "document": f"<w:document {SPACES}><w:body>{body}{section}</w:body></w:document>",
        "styles": f"<w:styles {SPACES}>{styles}</w:styles>",
        "header1": f"<w:hdr {SPACES}><w:p>{run(header)}</w:p></w:hdr>",
        "footer1": f'<w:ftr {SPACES}><w:p>{run(footer)}<w:fldSimple w:instr="PAGE">{run("1")}</w:fldSimple></w:p></w:ftr>',
        "comments": f'<w:comments {SPACES}><w:comment w:id="0" w:author="Editor"><w:p>{run(comment)}</w:p></w:comment></w:comments>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, xml in [*frame(truth), *((f"word/{part}.xml", xml) for part, xml in parts.items())]:
            archive.writestr(entry(name), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml)
    return file.getvalue()


def bomb(text: str) -> bytes:
    """A Word file whose document unpacks to 256 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in frame({}):
            archive.writestr(entry(name), xml)
        with archive.open(entry("word/document.xml", zipfile.ZIP_DEFLATED), "w") as part:
            part.write(f"<w:document {SPACES}><w:body><w:p><w:r><w:t>{escape(text)}".encode())
            for _ in range(BOMB):
                part.write(b" " * 2**20)
            part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return file.getvalue()


def entry(name: str, packing: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """A name in the archive, with a fixed date."""
    info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
    info.compress_type = packing
    return info


def frame(truth: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts that say what the other parts are."""
    vendor = "application/vnd.openxmlformats-"
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{vendor}officedocument.wordprocessingml.{kind}+xml"/>'
        for part, kind in PARTS.items()
    )
    links = "".join(
        f'<Relationship Id="{part}" Type="{OFFICE}/{part.rstrip("1")}" Target="{part}.xml"/>'
        for part in PARTS
        if part != "document"
    )
    return [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{vendor}package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{types}<Override PartName="/docProps/core.xml" ContentType="{vendor}package.core-properties+xml"/></Types>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="document" Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="core" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        ),
        ("word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'),
        (
            "docProps/core.xml",
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(truth.get("title", ""))}</dc:title><dc:creator>{escape(truth.get("author", ""))}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{truth.get("published", "2025-01-01")}T08:00:00Z</dcterms:created></cp:coreProperties>',
        ),
    ]


def block(lines: str, bold: bool) -> str:
    """A heading, a table or a paragraph."""
    if lines.startswith("|"):
        rows = [line.strip("|").split("|") for line in lines.split("\n") if not line.startswith("|---")]
        return (
            "<w:tbl>"
            + "".join(
                f"<w:tr>{''.join(f'<w:tc><w:p>{run(cell.strip())}</w:p></w:tc>' for cell in row)}</w:tr>"
                for row in rows
            )
            + "</w:tbl>"
        )
    marks, _, title = lines.partition(" ")
    if set(marks) != {"#"}:
        return f"<w:p>{runs(lines)}</w:p>"
    style = list(STYLES)[len(marks) - 1]
    if bold:
        return f'<w:p><w:r><w:rPr><w:b/><w:sz w:val="{SIZES[style]}"/></w:rPr><w:t>{escape(title)}</w:t></w:r></w:p>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run(title)}</w:p>'


def runs(text: str) -> str:
    """The runs of a paragraph, with what was taken out, put in and remarked upon."""
    out, at = [], 0
    for match in CHANGE.finditer(text):
        out.append(run(text[at : match.start()]))
        at = match.end()
        who = f'w:id="{match.start()}" w:author="Editor" w:date="2025-01-01T00:00:00Z"'
        if match[1] == "-":
            out.append(
                f'<w:del {who}><w:r><w:delText xml:space="preserve">{escape(match[2])}</w:delText></w:r></w:del>'
            )
        elif match[1] == "+":
            out.append(f"<w:ins {who}>{run(match[2])}</w:ins>")
        else:
            out.append('<w:r><w:commentReference w:id="0"/></w:r>')
    return "".join(out) + run(text[at:])


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
