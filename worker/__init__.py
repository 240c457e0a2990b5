"""The training room: it knows torch and the playground, and no site but by its socket."""
