"""Partners' systems hear that something happened to a signal that they sent (ADR 12).

The database writes a push in the statement that moves the signal; a worker sends it. It says which
signal and no more: what there is to know is fetched with a token, under both locks.
"""
