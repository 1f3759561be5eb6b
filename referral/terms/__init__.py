"""How long things may take, on one page: every version with its source, and the next one."""
