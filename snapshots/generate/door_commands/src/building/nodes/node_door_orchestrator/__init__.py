"""Opens and closes the doors of a building."""
