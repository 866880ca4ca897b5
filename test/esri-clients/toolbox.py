"""The Python client, unmodified: it generates source code from the descriptions and runs it."""
import json
import sys

from arcgis.features import FeatureSet
from arcgis.geoprocessing import LinearUnit, import_toolbox

url = sys.argv[1]
answer = {}
for service in ("GP", "GPSync"):
    toolbox = import_toolbox(f"{url}/arcgis/rest/services/{service}/GPServer")
    answer[service] = sorted(name for name in vars(toolbox) if name in {"buffer", "make_valid", "echo", "dissolve"})
    point = FeatureSet.from_dict(
        {
            "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 4326},
            "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}],
            "features": [{"geometry": {"x": 8.3, "y": 47.0}, "attributes": {"OBJECTID": 0, "name": "Luzern"}}],
        }
    )
    buffers = toolbox.buffer(input_features=point, distance=LinearUnit(10, "Kilometers"))
    feature = buffers.features[0]
    answer[f"{service} buffer"] = [len(feature.geometry["rings"][0]) > 60, feature.attributes.get("name")]
    echoed = toolbox.echo(echo="Grüezi")
    answer[f"{service} echo"] = list(echoed)
print(json.dumps(answer))
