"""The commands for checking: `sanad verify`, `sanad badge`, `sanad serve`."""
