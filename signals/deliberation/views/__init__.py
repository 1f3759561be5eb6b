"""Pages of the deliberation: each fetches what its reader may see, and does one deed."""
