"""Use cases. Each is a function of a session, the time, the actor and what is wanted; none of them commits."""
