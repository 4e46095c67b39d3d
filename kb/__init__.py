"""A knowledge base in which every page is a record.

Data flows one way: files -> checked records -> Sphinx -> HTML, JSON, search index. The modules of this package read
and judge the files and import neither Sphinx nor docutils; :mod:`kb.sphinx` is the thin layer that shows them.
"""
