"""How many places of a type keep the wait for one short: a simulation for the yearly talks."""
