"""Pages that must pass, and pages that must not."""
