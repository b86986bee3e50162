"""Who is calling and what they may do: tokens, policies, guards, and the token on its way to another service."""
