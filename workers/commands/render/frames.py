"""Shades a terrain for each position of the sun on its way from east to west: one PNG for each."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

warnings.simplefilter("ignore", NotGeoreferencedWarning)
inputs, folder, progress = (Path(given) for given in sys.argv[1:4])
request = json.loads(inputs.read_text())
count = int(request.get("frames", 24))
with rasterio.open(request["terrain"]["path"]) as source:
    heights = source.read(1).astype("float64")
    dx, dy = source.res
to_south, to_east = np.gradient(heights, dy, dx)
normal = np.stack([-to_east, to_south, np.ones_like(heights)])
normal /= np.linalg.norm(normal, axis=0)
for index in range(count):
    angle = np.pi * (index + 0.5) / count
    sun = np.array([np.cos(angle), -0.3, np.sin(angle)])
    shade = np.tensordot(sun / np.linalg.norm(sun), normal, axes=1)
    pixels = np.clip(shade, 0, 1) * 255
    rows, columns = pixels.shape
    with rasterio.open(
        folder / f"{index:03d}.png", "w", driver="PNG", width=columns, height=rows, count=1, dtype="uint8"
    ) as frame:
        frame.write(pixels.round().astype("uint8"), 1)
    with progress.open("a") as told:
        told.write(f"{round(90 * (index + 1) / count)} Frame {index + 1} of {count}\n")
