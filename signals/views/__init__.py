"""Pages of signals: the reporter's, the expert centre's, and those of imports."""
