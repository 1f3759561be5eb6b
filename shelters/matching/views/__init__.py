"""Views of matching. Thin: each translates HTTP into one action."""
