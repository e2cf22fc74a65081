"""Put the server together: settings, routes, the gate in front, the commands."""
