"""Signals for systems of partners, in Dutch: `words` and `shapes` translate, `views` answer."""
