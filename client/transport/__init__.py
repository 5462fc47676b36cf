"""How a request travels: guard, budget, retries, authentication, rate limiter, recorder, network."""
