"""The pages of cases: lists, the case file, its deeds, and handoffs."""
