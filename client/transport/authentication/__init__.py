"""OAuth 2 client credentials as an httpx.Auth flow."""
