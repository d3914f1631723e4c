"""The stream tube of a hole, and the drag of gas that is slow in it."""
