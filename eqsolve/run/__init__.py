"""The one loop, what it measures and when, and the records that it leaves."""
