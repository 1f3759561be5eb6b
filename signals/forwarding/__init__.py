"""Forwarding a judged signal to a partner, as an extract for one purpose."""
