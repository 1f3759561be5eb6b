"""Signing in, choosing a role, and the members of an organisation."""
