"""Games of the textbooks, by formula."""
