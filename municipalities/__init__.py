"""What a municipality sees: sealed figures of its region, its province and the country."""
