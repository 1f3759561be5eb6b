"""Tools of the people who build and run Baken; nothing here is part of the application."""
