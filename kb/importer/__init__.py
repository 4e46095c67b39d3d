"""Articles become records and outlines: reading, placing, linking, claims, writing. ``python -m kb.importer``."""
