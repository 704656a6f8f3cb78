"""The pages of those who decide: resources, rules, closures, groups, places, organisations and people."""
