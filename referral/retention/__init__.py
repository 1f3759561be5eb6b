"""How long data of persons are kept, who may hold them longer, and how they are destroyed."""
