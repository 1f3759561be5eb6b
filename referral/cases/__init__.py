"""Care for a presumed victim: whose case it is, who may see it, and how it changes hands."""
