"""The scripts that may be run: no other name leads to code."""

import hashlib
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from honua_worker.commands import Command, installed_commands
from honua_worker.context import Context
from honua_worker.faults import NotApproved
from honua_worker.inputs import Inputs

Process = Callable[[Inputs, Context], None]

BASICS = ("numpy", "pyproj", "shapely")


@dataclass(frozen=True)
class Script:
    name: str
    """Libraries beside the basic ones."""
    needs: tuple[str, ...]
    version: str = "1.0.0"
    memory_mib: int = 4096

    @property
    def module(self) -> str:
        return f"honua_worker.processes.{self.name.replace('-', '_')}"

    def load(self) -> Process:
        run: Process = importlib.import_module(self.module).run
        return run

    def why_unavailable(self) -> str | None:
        """None where it can be run."""
        missing = [name for name in (*BASICS, *self.needs) if importlib.util.find_spec(name) is None]
        return f"Not installed: {', '.join(missing)}." if missing else None

    def sha256(self) -> str:
        """Of the file of its module, as it would be run."""
        spec = importlib.util.find_spec(self.module)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(self.module)
        return hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest()


SCRIPTS = {
    script.name: script
    for script in (
        Script("batch-check", ("pykrige", "scipy")),
        Script("interpolate-idw", ("scipy",)),
        Script("interpolate-kriging", ("pykrige", "scipy", "rasterio")),
        Script("interpolate-spline", ("scipy", "rasterio")),
        Script("cluster-dbscan", ("scipy",)),
        Script("cluster-kmeans", ()),
        Script("hot-spot", ("scipy", "libpysal", "esda")),
        Script("spatial-autocorrelation", ("scipy", "libpysal", "esda")),
        Script("ndvi", ("rasterio",)),
        Script("slope-aspect-hillshade", ("rasterio",)),
        Script("raster-algebra", ("rasterio",)),
        Script("zonal-statistics", ("rasterio",)),
        Script("classify", ("sklearn",)),
        Script("network-analysis", ("networkx",)),
    )
}


def approved(name: object) -> Script | Command:
    """Throws NotApproved."""
    script = SCRIPTS.get(name) or installed_commands().get(name) if isinstance(name, str) else None
    if script is None:
        raise NotApproved(str(name))
    return script
