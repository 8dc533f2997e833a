"""What a game is: frozen records of read-only arrays. The only place that defines shapes."""
