"""Pages of shelter: for who asks, who places, and who takes in."""
