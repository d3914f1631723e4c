"""Going on with a run from its checkpoint: the same case, the same sources, the same bits."""
