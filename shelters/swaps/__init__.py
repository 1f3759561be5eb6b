"""Two who change beds with one another: both or neither, without a third bed."""
