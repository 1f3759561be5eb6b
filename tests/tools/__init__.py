"""Tests of the runner, the locks and the files for production."""
