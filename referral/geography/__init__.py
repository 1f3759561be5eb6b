"""Where things are: the administrative map of the Netherlands, valid from day to day."""
