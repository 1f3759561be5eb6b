"""The pages of residence: days that end soon, the file of one person, its deeds, the terms."""
