"""The days of a coordinator, gathered from what other rooms keep; it keeps only who fetches them."""
