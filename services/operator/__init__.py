"""OPERATOR: the only one that reaches a prospect. It gates, schedules, sends and listens."""
