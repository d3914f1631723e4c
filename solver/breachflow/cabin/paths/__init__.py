"""The flow through each kind of leak, for the gas on one side and the pressure on the other."""
