"""The pages of the rules: versions, a draft, its dry run, taking it into use."""
