"""What happened in shelters in a quarter, counted: exact for the desk, protected for others."""
