"""Sphinx's settings: the wiring of docs/, kb/ and the theme. What people set stands in site.toml."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from kb import site

_site = site.load(Path(__file__).parent)

project = html_title = _site.title
author = "the contributors"
version = release = "0.1"
copyright = "the contributors"
language = _site.language
extensions = ["myst_parser", "sphinx_design", "kb.sphinx"]

source_suffix = {".md": "markdown"}
locale_dirs = ["../locale"]
exclude_patterns = ["sources/*.yaml", "redirects.txt"]
nitpicky = True
smartquotes = False
suppress_warnings = ["misc.highlighting_failure"]  # a sample of code need not be a whole program
rst_prolog = rst_epilog = None

# Pages are data: no HTML, no substitutions, no addresses but https and mail. kb.page refuses the same with a reason.
myst_enable_extensions = ["colon_fence", "deflist", "tasklist"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_url_schemes = ["https", "mailto", "http"]  # http: source records only, judged by kb.page
myst_heading_anchors = 6
myst_heading_slug_func = "kb.text.slug"

html_theme = "furo"
html_baseurl = _site.address.base_url
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"color-brand-primary": "#01582f", "color-brand-content": "#01582f"},
    "dark_css_variables": {"color-brand-primary": "#7fd1a0", "color-brand-content": "#7fd1a0"},
}
html_context = {
    "kb_repository": _site.address.repository.rstrip("/"),
    "kb_branch": _site.address.branch,
    "kb_contact": ("mailto:" if "@" in _site.address.contact else "") + _site.address.contact,
}
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_permalinks_icon = "#"

epub_show_urls = "no"
epub_title = _site.title
epub_tocscope = "includehidden"
