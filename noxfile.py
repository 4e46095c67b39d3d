#!/usr/bin/env python3
"""The only door: everything people and CI run is a session here. ``nox -l`` explains each."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["check", "tests", "lint"]

HTML = Path("_build/html")
SCHEMAS = {  # they come with check-jsonschema; what GitHub and Read the Docs will make of a file is known beforehand
    ".github/workflows/*.yml": "github-workflows",
    ".github/ISSUE_TEMPLATE/*.yml": "github-issue-forms",
    ".github/dependabot.yml": "dependabot",
    ".readthedocs.yaml": "readthedocs",
    "CITATION.cff": "citation-file-format",
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def install(session: nox.Session) -> None:
    """The locked packages, the same for every session."""
    session.install("--require-hashes", "-r", "requirements.txt")


def chromium(session: nox.Session) -> str:
    """Path of a Chromium that Playwright can drive; what is missing is installed."""
    here = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    said = str(session.run("python", "-m", "playwright", "--version", silent=True, success_codes=range(256)))
    packages = [] if here else ["chromium", "fonts-noto-core"]
    if not said.startswith("Version"):
        packages.append("libatomic1")  # the one library that Playwright's driver wants and a bare Debian has not
    if packages and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        session.run("apt-get", "update", "-q", external=True, silent=True)
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
        session.run(*command, external=True, silent=True, env={"DEBIAN_FRONTEND": "noninteractive"})
        here = here or shutil.which("chromium")
    if not here:
        session.run("python", "-m", "playwright", "install", "chromium", success_codes=range(256))
        code = "from playwright.sync_api import sync_playwright as p; print(p().start().chromium.executable_path)"
        here = str(session.run("python", "-c", code, silent=True, success_codes=range(256))).strip().rpartition("\n")[2]
    if not Path(here).exists():
        session.error(f"install Chromium and {' '.join(packages)}, or name a Chromium in the variable CHROMIUM")
    return here


@nox.session
def serve(session: nox.Session) -> None:
    """Build the site, serve it at http://127.0.0.1:8000/ and build again on every change (-- --port N)."""
    install(session)
    session.run("python", "-m", "kb.serve", *session.posargs)


@nox.session(default=False)
def new(session: nox.Session) -> None:
    """Start a page: asks for kind, topic and title (or -- entry --title "Name")."""
    install(session)
    session.run("python", "-m", "kb.new", *session.posargs)


@nox.session(name="import", default=False)
def import_(session: nox.Session) -> None:
    """Make records, outlines and a list of claims from articles (-- FILE|FOLDER|URL … [--licence own])."""
    install(session)
    session.run("python", "-m", "kb.importer", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Judge pages and sources: one line for each fault, with what to do (-- --fix mends what is sure)."""
    install(session)
    session.run("python", "-m", "kb.check", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Check and build the site into _build/html; it is there only if nothing is wrong."""
    install(session)
    session.run("python", "-m", "kb.build", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the code, browser included."""
    install(session)
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs, env={"CHROMIUM": chromium(session)})


@nox.session
def lint(session: nox.Session) -> None:
    """Judge code and prose: ruff, mypy, rumdl, typos, zizmor, check-jsonschema."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("rumdl", "check", ".")
    session.run("typos")
    session.run("zizmor", "--offline", "--quiet", "--persona", "pedantic", ".github")
    for pattern, schema in SCHEMAS.items():
        files = [str(file) for file in sorted(Path().glob(pattern)) if file.name != "config.yml"]
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Check that every link inside the built site leads somewhere, offline (-- --external: links to other sites)."""
    install(session)
    if "--external" in session.posargs:
        arguments = [argument for argument in session.posargs if argument != "--external"]
        try:
            session.run("python", "-m", "kb.links", *arguments)
        except CommandFailed as error:
            if getattr(error, "return_code", 1) == 3:  # no network; nox itself would end with 1
                sys.exit(3)
            raise
        return
    if not HTML.exists():
        session.run("python", "-m", "kb.build")
    base = tomllib.loads(Path("site.toml").read_text("utf-8"))["address"]["base_url"]
    own = ["--remap", f"{re.escape(base)} {HTML.resolve().as_uri()}/"] if base else []  # feeds and canonical addresses
    session.run(
        "lychee", "--offline", "--include-fragments", "--no-progress", "--no-ignore", "--root-dir",
        str(HTML.resolve()), *own, "--exclude-path", f"{HTML}/pagefind",
        "--exclude-path", f"{HTML}/404.html", "--extensions", "html,xml,json", str(HTML),
    )  # fmt: skip


@nox.session(default=False)
def browser(session: nox.Session) -> None:
    """Install a Chromium for the tests when none is there, and say where it is."""
    install(session)
    session.log(f"Chromium: {chromium(session)}")


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Run the long property test: 60 random edits, incremental build against fresh build."""
    install(session)
    session.run("python", "-m", "pytest", "-m", "soak", "-s", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure builds beside plain Sphinx, and write the guide's page about speed (-- --sizes 100 1000 --own)."""
    install(session)
    session.run("python", "-m", "tests.scale.bench", *session.posargs)


@nox.session(default=False)
def urls(session: nox.Session) -> None:
    """Find addresses that have vanished since the branch began and are not redirected."""
    install(session)
    session.run("python", "-m", "kb.urls", *session.posargs)


@nox.session(default=False)
def changed(session: nox.Session) -> None:
    """List the pages that the branch changes, with their sources and figures before and after."""
    install(session)
    session.run("python", "-m", "kb.changed", *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Draw 60 claims from all cited sentences, to be held against their sources (-- --count N --seed S)."""
    install(session)
    session.run("python", "-m", "kb.audit", *session.posargs)


@nox.session(default=False)
def questions(session: nox.Session) -> None:
    """Ask the built site readers' questions: how many are answered, and found in the first three results."""
    install(session)
    if not HTML.exists():
        session.run("python", "-m", "kb.build")
    session.run("python", "-m", "tests.search.questions", *session.posargs, env={"CHROMIUM": chromium(session)})


@nox.session(name="zip", default=False)
def zipped(session: nox.Session) -> None:
    """Build the site and pack it into _build/<title>-<day>.zip, which works when unpacked and opened from disk."""
    install(session)
    session.run("python", "-m", "kb.build")
    session.run("python", "-m", "kb.offline", *session.posargs)


@nox.session(default=False)
def search(session: nox.Session) -> None:
    """Measure the search against the site's queries, beside Sphinx's own search and lunr (-- --quick: queries only)."""
    install(session)
    if not HTML.exists():
        session.run("python", "-m", "kb.build")
    session.run("python", "-m", "tests.search.benchmark", *session.posargs, env={"CHROMIUM": chromium(session)})


@nox.session(default=False)
def newest(session: nox.Session) -> None:
    """Build and test with the newest release of every package, to see early what will break."""
    names = [line.partition("==")[0] for line in Path("requirements.in").read_text("utf-8").splitlines()]
    session.install("--upgrade", *(name for name in names if name and not name.startswith("#")))
    session.run("python", "-m", "kb.build")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs, env={"CHROMIUM": chromium(session)})


@nox.session(default=False)
def epub(session: nox.Session) -> None:
    """Build the book into _build/epub."""
    install(session)
    session.run("python", "-m", "kb.build", "--builder", "epub", *session.posargs)


if __name__ == "__main__":
    nox.main()
