"""The course of a stay: how long, who pays, where next, what stands in the way, and notes."""
