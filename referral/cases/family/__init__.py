"""Who belongs to the person of a case: parents, children, partners, and who travels along."""
