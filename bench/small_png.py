"""Makes screenshots small: few colours, one byte a pixel, well packed. No picture library is needed for that.

A browser unpacks the picture and finds its colours; this writes the file.
"""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Browser

_COLOURS = 24
# Pixels are put together by their five highest bits a colour; the fullest of those groups become the palette, and each
# pixel takes its nearest.
_FIND_COLOURS = """async ([picture, most]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
  const { width, height } = image, canvas = new OffscreenCanvas(width, height), pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height), groups = new Map();
  const group = (i) => (data[i] >> 3 << 10) | (data[i + 1] >> 3 << 5) | data[i + 2] >> 3;
  for (let i = 0; i < data.length; i += 4) {
    const sum = groups.get(group(i)) || [0, 0, 0, 0];
    [0, 1, 2].forEach((c) => { sum[c] += data[i + c] });
    sum[3]++;
    groups.set(group(i), sum);
  }
  const palette = [...groups.values()].sort((a, b) => b[3] - a[3]).slice(0, most)
    .map((sum) => [0, 1, 2].map((c) => Math.round(sum[c] / sum[3])));
  const nearest = new Map(), indices = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 4) {
    const key = group(i);
    if (!nearest.has(key)) {
      const far = palette.map((one) => [0, 1, 2].reduce((sum, c) => sum + (one[c] - data[i + c]) ** 2, 0));
      nearest.set(key, far.indexOf(Math.min(...far)));
    }
    indices[i / 4] = nearest.get(key);
  }
  let text = "";
  for (let i = 0; i < indices.length; i += 8192) text += String.fromCharCode(...indices.subarray(i, i + 8192));
  return { width, height, palette, indices: btoa(text) };
}"""


def write_small(browser: Browser, picture: bytes, file: Path) -> None:
    """Write a screenshot with a palette of few colours.

    Args:
        browser: a started browser.
        picture: the screenshot, as PNG.
        file: where to.
    """
    page = browser.new_page()
    found = page.evaluate(_FIND_COLOURS, [base64.b64encode(picture).decode(), _COLOURS])
    page.close()
    width, height = found["width"], found["height"]
    indices = base64.b64decode(found["indices"])
    rows = b"".join(b"\0" + indices[start : start + width] for start in range(0, width * height, width))
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(value for colour in found["palette"] for value in colour))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
