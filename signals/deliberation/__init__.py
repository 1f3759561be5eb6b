"""The monthly deliberation under the national public prosecutor, its follow-up, and trends."""
