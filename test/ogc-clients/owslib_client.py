"""OWSLib, unmodified: every call its client for OGC API - Processes has. Prints what it found as JSON."""

import json
import sys

from owslib.ogcapi.processes import Processes

client = Processes(sys.argv[1])
found = {
    "core": any(uri.endswith("/1.0/conf/core") for uri in client.conformance()["conformsTo"]),
    "openapi": client.api()["openapi"][:3],
    "processes": [process["id"] for process in client.processes()],
}
found["described"] = [client.process(name)["id"] for name in found["processes"]]
found["echo"] = client.execute("echo", inputs={"echo": "Grüezi"})
point = {"type": "Feature", "properties": {"town": "Luzern"}, "geometry": {"type": "Point", "coordinates": [8.3, 47.05]}}
buffered = client.execute("buffer", inputs={"features": point, "distance": {"value": 1, "unit": "kilometers"}})
[feature] = buffered["result"]["value"]["features"]
found["buffer"] = [feature["geometry"]["type"], feature["properties"]]
print(json.dumps(found))
