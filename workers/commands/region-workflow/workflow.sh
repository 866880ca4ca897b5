#!/usr/bin/env bash
# Says where things are in the words of area_report.py, and leaves what it made in the folder of the run.
set -euo pipefail
field() { python3 -c 'import json, os, sys; print(json.load(open(os.environ["HONUA_INPUTS"]))[sys.argv[1]]["path"])' "$1"; }

echo "10 Reading the region" >> "$HONUA_PROGRESS"
region=$(field region)
mkdir -p "$HONUA_ARTIFACT_DIR/parts"
python3 area_report.py "$region" --out "$TMPDIR/report" --top "$TOP"
echo "80 Keeping the report" >> "$HONUA_PROGRESS"
cp "$TMPDIR/report/summary.json" "$TMPDIR/report/report.txt" "$HONUA_ARTIFACT_DIR/"
cp "$TMPDIR"/report/part-*.geojson "$HONUA_ARTIFACT_DIR/parts/"
echo "100 Done" >> "$HONUA_PROGRESS"
