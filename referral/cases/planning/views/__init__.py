"""The pages of planning: tasks, and the parts of the case file."""
