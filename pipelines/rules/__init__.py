"""How SQL files become a month's rows: models, their parameters, the loop that runs them."""
