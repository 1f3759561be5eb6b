"""What the expert centre adds to a signal: findings with their source, and requests to partners."""
