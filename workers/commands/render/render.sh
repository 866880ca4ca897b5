#!/usr/bin/env bash
# Frames by frames.py; a video by ffmpeg: on the GPU with USE_NVENC=1, else on the processor.
set -euo pipefail
frames="$HONUA_ARTIFACT_DIR/frames"
mkdir -p "$frames"
python frames.py "$HONUA_INPUTS" "$frames" "$HONUA_PROGRESS"
if command -v ffmpeg > /dev/null; then
  encoder=libx264
  if [ "$USE_NVENC" = 1 ]; then encoder=h264_nvenc; fi
  echo "90 Encoding by $encoder" >> "$HONUA_PROGRESS"
  ffmpeg -loglevel error -framerate "$FRAMES_PER_SECOND" -i "$frames/%03d.png" -c:v "$encoder" \
    -pix_fmt yuv420p -vf 'pad=ceil(iw/2)*2:ceil(ih/2)*2' "$HONUA_ARTIFACT_DIR/flight.mp4"
else
  echo "There is no ffmpeg: the frames are all there is."
fi
printf '{"frames": %d}' "$(ls "$frames" | wc -l)" > "$HONUA_ARTIFACT_DIR/summary.json"
echo "100 Done" >> "$HONUA_PROGRESS"
