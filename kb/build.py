"""``python -m kb.build``: check, build, publish. ``_build/html`` is there only if every gate passed.

A failed build leaves ``_build/failed`` to look at and no memory: run again unchanged, it fails with the same messages.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from kb import check, finding

BUILD = "_build"


def build(root: Path, out: str = "html", jobs: str = "auto", builder: str = "html") -> int:
    """Build ``root/docs`` into ``root/_build/<out>``; returns the exit code."""
    target, failed = root / BUILD / out, root / BUILD / "failed"
    doctrees = root / BUILD / f"doctrees-{out}" if out != "html" else root / BUILD / "doctrees"
    loaded, findings = check.check(root)
    if findings or loaded is None:
        sys.stdout.write(finding.as_text(findings))
        print(f"{len(findings)} to mend: nothing was built", file=sys.stderr)
        _set_aside(target, failed)
        return 1
    print(f"{check.summary(loaded)}: nothing to mend", file=sys.stderr)
    for name, value in (("base_url", loaded.site.address.base_url), ("repository", loaded.site.address.repository)):
        if not value:
            print(f"site.toml names no {name}: links that need it are left out", file=sys.stderr)
    shutil.rmtree(failed, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-j", jobs, "-c", str(root)]
    command += ["-d", str(doctrees), "-b", builder, str(root / "docs"), str(target)]
    result = subprocess.run(command, check=False)
    if result.returncode:
        _set_aside(target, failed)
        shutil.rmtree(doctrees, ignore_errors=True)
        print(f"the build failed; what it left is in {failed.relative_to(root)}", file=sys.stderr)
        return 1
    return 0


def _set_aside(target: Path, failed: Path) -> None:
    shutil.rmtree(failed, ignore_errors=True)
    if target.exists():
        target.rename(failed)


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.build", description="Check and build the site.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--builder", default="html", choices=("html", "epub", "gettext"), help="what to build")
    parser.add_argument("-j", "--jobs", default="auto", help="processes (default: as many as there are cores)")
    options = parser.parse_args(arguments)
    out = "html" if options.builder == "html" else options.builder
    code = build(options.root.resolve(), out, options.jobs, options.builder)
    if not code:
        print(f"built: {BUILD}/{out}")
    return code


if __name__ == "__main__":
    sys.exit(main())
