"""The test suite; see CONTRIBUTING.md for what goes where."""
