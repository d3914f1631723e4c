"""Its place puts this folder on the import path, so that tests of all kinds share `flow_setup`."""
