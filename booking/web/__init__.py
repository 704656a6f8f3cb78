"""The pages of members and visitors."""
