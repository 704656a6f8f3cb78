"""The pages, through the client."""
