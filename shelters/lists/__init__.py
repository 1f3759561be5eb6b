"""The lists of shelter, which the placement desk keeps: types, groups, expertise and funders."""
