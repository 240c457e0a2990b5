"""Members: who they are, how they sign in, their tokens, their quotas, their data out and gone."""
