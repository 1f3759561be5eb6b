"""What citizens tell without an account: a tip becomes a signal, and a code leads back to it."""
