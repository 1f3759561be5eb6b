"""PostgreSQL, with the acting member written into every transaction."""
