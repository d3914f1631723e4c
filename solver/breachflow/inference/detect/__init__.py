"""The smallest leak that a pressure record can show: by volume, length of the record and sensor."""
