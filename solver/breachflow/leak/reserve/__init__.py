"""Time until the pressure of a leaking cabin has fallen to a limit: from a rate, two readings or a hole."""
