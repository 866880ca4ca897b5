"""The Python client, unmodified: it generates source code from the descriptions and runs it."""
import json
import sys
from datetime import datetime, timezone

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
    counted = toolbox.count_by_time(
        input_features=FeatureSet.from_dict(
            {
                "geometryType": "esriGeometryPoint",
                "spatialReference": {"wkid": 4326},
                "fields": [{"name": "seen", "type": "esriFieldTypeString", "alias": "seen"}],
                "features": [{"geometry": {"x": 8.3, "y": 47.0}, "attributes": {"seen": "2026-05-01T08:00:00Z"}}],
            }
        ),
        attribute="seen",
        interval={"time": 1, "units": "esriTimeUnitsDays"},
        start=datetime(2026, 5, 1, tzinfo=timezone.utc),
    )
    windows, earliest, _ = counted
    answer[f"{service} windows"] = [[feature.attributes["count"] for feature in windows.features], earliest]
print(json.dumps(answer))
