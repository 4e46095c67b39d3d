"""The files below ``docs/``: which may be there, under which names, how large; judged before anything reads them."""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

from kb.finding import Finding

REDIRECTS = "redirects.txt"
CORRECTIONS = "corrections.yaml"
EXCEPTIONS = "link-exceptions.yaml"
SOURCES = "sources"
_DATA = (REDIRECTS, CORRECTIONS, EXCEPTIONS)
NAME = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*")
TAKEN = {"search", "genindex", "py-modindex", "404", "objects"}  # files that the site makes itself
TAKEN_FOLDERS = {"data", "pagefind", "index"}
SYSTEM = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)  # names that Windows keeps for itself
MAX_BYTES = {".md": 400_000, ".yaml": 1_000_000, ".txt": 200_000, ".png": 500_000, ".jpg": 500_000, ".webp": 500_000}
MAX_PIXELS = 4096


def walk(docs: Path, prefix: str, findings: list[Finding]) -> Iterator[tuple[str, Path, os.stat_result]]:
    """Sound files by path below ``docs``, with their status; what may not be there goes into ``findings``."""
    names_here: dict[str, str] = {}
    for folder, folders, names in os.walk(docs):
        inside = Path(folder).relative_to(docs).as_posix()
        inside = "" if inside == "." else inside + "/"
        for name in sorted(folders):
            if fault := _folder_fault(inside, Path(folder, name)):
                findings.append(Finding(f"{prefix}/{inside}{name}/", 1, *fault))
                folders.remove(name)
        folders.sort()
        for name in sorted((*folders, *names)):
            same = _same(f"{inside}{name}")
            other = names_here.setdefault(same, f"{inside}{name}")
            if other != f"{inside}{name}":
                message = f"some systems take it for {prefix}/{other}"
                findings.append(Finding(f"{prefix}/{inside}{name}", 1, "file-twice", message, "rename or delete one"))
        for name in sorted(names):
            file = Path(folder, name)
            status = file.lstat()
            if fault := _file_fault(inside, file, status):
                findings.append(Finding(f"{prefix}/{inside}{name}", 1, *fault))
            else:
                yield f"{inside}{name}", file, status


def _same(name: str) -> str:
    """What a name is on a system that does not tell case and accents apart, pages without their suffix."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name.removesuffix(".md")).casefold())


def _folder_fault(inside: str, folder: Path) -> tuple[str, str, str] | None:
    if folder.is_symlink():
        return "file-kind", "the folder is a link to another one", "put the files themselves here"
    if inside:
        return "file-folder", "a folder inside a folder", "move its files up"
    if not NAME.fullmatch(folder.name) or SYSTEM.fullmatch(folder.name) or folder.name in TAKEN | TAKEN_FOLDERS:
        remedy = "rename it: lower-case letters, digits and single hyphens, and no name that the site uses itself"
        return "file-name", f"'{folder.name}' cannot be part of an address", remedy
    return None


def _file_fault(inside: str, file: Path, status: os.stat_result) -> tuple[str, str, str] | None:
    """(rule, message, remedy) when a file may not stand where it does."""
    is_data = (inside == f"{SOURCES}/" and file.suffix == ".yaml") or (not inside and file.name in _DATA)
    picture = PICTURES.get(file.suffix)
    if file.suffix != ".md" and not is_data and not picture:
        remedy = "move it out of docs/; pages are .md, sources docs/sources/*.yaml, pictures .png, .jpg, .webp"
        return "file-kind", f"'{file.name}' is not a kind of file that docs/ holds", remedy
    if stat.S_ISLNK(status.st_mode):
        return "file-kind", "the file is a link to another one", "put the file itself here"
    if not stat.S_ISREG(status.st_mode):
        return "file-kind", "it is not an ordinary file", "delete it"
    if not NAME.fullmatch(file.stem) or SYSTEM.fullmatch(file.stem) or f"{inside}{file.stem}" in TAKEN:
        remedy = "rename it: lower-case letters, digits and single hyphens, at most 80"
        return "file-name", f"'{file.name}' cannot be an address", remedy
    most = MAX_BYTES[file.suffix]
    if status.st_size > most:
        return (
            "picture-wrong" if picture else "file-size",
            f"the file has {status.st_size // 1000} kB",
            f"split or shrink it; {most // 1000} kB is the most",
        )
    if picture:
        return _picture_fault(file.read_bytes(), file.suffix)
    return None


# ---- pictures --------------------------------------------------------------------------------------------------------


def _picture_fault(data: bytes, suffix: str) -> tuple[str, str, str] | None:
    try:
        width, height = PICTURES[suffix](data)
    except (ValueError, struct.error, IndexError) as error:
        said = str(error) if isinstance(error, ValueError) else "it ends too early"
        return (
            "picture-wrong",
            f"the file is not a sound {suffix} picture: {said}",
            "save it again from a picture editor",
        )
    if not (0 < width <= MAX_PIXELS and 0 < height <= MAX_PIXELS):
        message = f"the picture has {width} x {height} points"
        return "picture-wrong", message, f"shrink it; {MAX_PIXELS} is the most on each side"
    return None


def _png(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG file whose parts add up, with nothing after its end."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("it does not start as one")
    size, at, seen = (0, 0), 8, b""
    while seen != b"IEND":
        length, seen = struct.unpack_from(">I4s", data, at)
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(data[at + 4 : at + 8 + length]) != checksum:
            raise ValueError("its parts do not add up")
        if at == 8:
            if seen != b"IHDR":
                raise ValueError("it has no header")
            size = struct.unpack_from(">II", data, at + 8)
        at += 12 + length
    if at != len(data):
        raise ValueError("something follows its end")
    return size


def _jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG file that ends where its picture ends."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise ValueError("it does not start as one")
    if not data.endswith(b"\xff\xd9"):
        raise ValueError("it does not end as one")
    at = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF or length < 2:
            raise ValueError("its parts do not add up")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if kind == 0xDA:
            raise ValueError("it has no header")
        at += 2 + length


def _webp(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP file whose length is the one it names."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("it does not start as one")
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 != len(data):
        raise ValueError("its length is not the one it names")
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("it has no header")


PICTURES = {".png": _png, ".jpg": _jpeg, ".webp": _webp}
